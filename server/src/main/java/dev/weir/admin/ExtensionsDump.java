package dev.weir.admin;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.config.ExtensionDecoder;
import dev.weir.xds.ResourceStatus;
import io.envoyproxy.envoy.admin.v3.ClientResourceStatus;
import io.envoyproxy.envoy.admin.v3.EcdsConfigDump;
import io.envoyproxy.envoy.admin.v3.EcdsConfigDump.EcdsFilterConfig;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/// Filters' configuration that was pushed by itself, as messages of the admin API: one for each
/// kind of filter.
final class ExtensionsDump {
  private static final List<String> KINDS = List.of("http", "network", "listener");

  private ExtensionsDump() {}

  static List<EcdsConfigDump> configuration(
      List<ResourceStatus> resources, Predicate<String> wanted) {
    var dumps = new ArrayList<EcdsConfigDump>();
    for (var kind : KINDS) {
      var dump = EcdsConfigDump.newBuilder();
      resources.stream()
          .filter(status -> wanted.test(status.name()) && isOf(kind, status))
          .sorted(Comparator.comparing(ResourceStatus::name))
          .forEach(status -> dump.addEcdsFilters(filter(status)));
      if (dump.getEcdsFiltersCount() > 0) {
        dumps.add(dump.build());
      }
    }
    return dumps;
  }

  private static boolean isOf(String kind, ResourceStatus status) {
    var held = status.held();
    var failure = status.failure();
    var wire = held != null ? held.wire() : failure == null ? null : failure.wire();
    return wire != null && typeOf(wire).startsWith("envoy.extensions.filters." + kind + ".");
  }

  private static String typeOf(Any wire) {
    try {
      var extension = TypedExtensionConfig.parseFrom(wire.getValue());
      return ExtensionDecoder.typeOf(extension.getTypedConfig());
    } catch (InvalidProtocolBufferException _) {
      return "";
    }
  }

  private static EcdsFilterConfig filter(ResourceStatus status) {
    var filter =
        EcdsFilterConfig.newBuilder()
            .setClientStatus(ClientResourceStatus.valueOf(status.state().name()));
    var held = status.held();
    if (held != null) {
      filter
          .setVersionInfo(held.version())
          .setLastUpdated(WireDump.time(held.since()))
          .setEcdsFilter(held.wire());
    }
    var failure = status.failure();
    if (failure != null) {
      filter.setErrorState(WireDump.failure(failure));
    }
    return filter.build();
  }
}
