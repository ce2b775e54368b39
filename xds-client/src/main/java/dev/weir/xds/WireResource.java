package dev.weir.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A resource as a response carries it, whichever protocol it came by.
///
/// @param name in canonical form; empty where only the message itself says it
/// @param version the resource's (delta) or the response's (state of the world)
/// @param body null for a heartbeat
/// @param ttl how long it is valid; null for ever
/// @param alias whether it merely answers for other names
record WireResource(
    String name, String version, @Nullable Any body, @Nullable Duration ttl, boolean alias) {

  /// How many bytes there are to decode.
  int size() {
    return body == null ? 0 : body.getValue().size();
  }

  /// One of a delta response.
  static WireResource of(Resource resource) {
    return of(resource, resource.getVersion());
  }

  /// One of a state-of-the-world response, which may be wrapped. A wrapper that is unreadable
  /// stays, and is found to be of the wrong type.
  static WireResource of(Any any, String version) {
    if (any.is(Resource.class)) {
      try {
        return of(any.unpack(Resource.class), version);
      } catch (InvalidProtocolBufferException _) {
        return new WireResource("", version, any, null, false);
      }
    }
    return new WireResource("", version, any, null, false);
  }

  private static WireResource of(Resource resource, String version) {
    return new WireResource(
        XdstpName.canonical(
            resource.getName().isEmpty()
                ? resource.getResourceName().getName()
                : resource.getName()),
        version,
        resource.hasResource() ? resource.getResource() : null,
        resource.hasTtl() ? Duration.ofNanos(Durations.toNanos(resource.getTtl())) : null,
        resource.getAliasesCount() > 0 && !resource.hasResource());
  }
}
