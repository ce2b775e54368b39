package dev.weir.config;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.weir.config.ListenerLimits.WhenFull;
import dev.weir.proto.Constraints;
import dev.weir.proto.settings.ListenerSettings;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.Metadata;

/// Makes [ListenerLimits] of the settings of our own in a listener's metadata.
final class ListenerSettingsDecoder {
  private static final String NAMESPACE = "dev.weir";

  private ListenerSettingsDecoder() {}

  static ListenerLimits limits(Metadata wire, Field at) throws InvalidResourceException {
    var typed = wire.getTypedFilterMetadataMap().get(NAMESPACE);
    if (typed != null) {
      return limits(unpack(typed, at.at("typed_filter_metadata", NAMESPACE)));
    }
    var fields = wire.getFilterMetadataMap().get(NAMESPACE);
    return fields == null
        ? ListenerLimits.NONE
        : limits(parse(fields, at.at("filter_metadata", NAMESPACE)));
  }

  private static ListenerSettings unpack(Any any, Field at) throws InvalidResourceException {
    var message = ExtensionDecoder.unpack(NAMESPACE, any, at);
    if (message instanceof ListenerSettings settings) {
      return settings;
    }
    throw at.invalid(
        "dev.weir.settings.ListenerSettings expected, got "
            + message.getDescriptorForType().getFullName());
  }

  private static ListenerSettings parse(Struct fields, Field at) throws InvalidResourceException {
    var settings = ListenerSettings.newBuilder();
    try {
      JsonFormat.parser().merge(JsonFormat.printer().print(fields), settings);
    } catch (InvalidProtocolBufferException e) {
      throw at.invalid(String.valueOf(e.getMessage()));
    }
    var broken = Constraints.check(settings.build(), at.path());
    if (!broken.isEmpty()) {
      throw new InvalidResourceException(broken);
    }
    return settings.build();
  }

  private static ListenerLimits limits(ListenerSettings wire) {
    var whenFull =
        switch (wire.getWhenFull()) {
          case RESET -> WhenFull.RESET;
          case LEAVE_IN_BACKLOG -> WhenFull.LEAVE_IN_BACKLOG;
          case CLOSE, UNRECOGNIZED -> WhenFull.CLOSE;
        };
    return new ListenerLimits(
        ScalarDecoder.uint32(
            wire.hasMaxConnections(), wire.getMaxConnections(), ListenerLimits.UNLIMITED),
        ScalarDecoder.uint32(
            wire.hasMaxConnectionsPerSource(),
            wire.getMaxConnectionsPerSource(),
            ListenerLimits.UNLIMITED),
        whenFull,
        wire.getRequireReadyUpstream());
  }
}
