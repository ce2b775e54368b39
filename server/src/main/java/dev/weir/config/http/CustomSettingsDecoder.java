package dev.weir.config.http;

import dev.weir.config.Field;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import java.util.Map;
import java.util.TreeMap;

/// Reads `custom_settings_parameters`: HTTP/2 settings by number, which must not say what a field
/// says already. Any thread may call.
public final class CustomSettingsDecoder {
  private static final int TABLE_SIZE = 1;
  private static final int ENABLE_PUSH = 2;
  private static final int STREAMS = 3;
  private static final int STREAM_WINDOW = 4;
  private static final int FRAME_SIZE = 5;
  private static final int LEAST_FRAME_SIZE = 16_384;
  private static final int CONNECT = 8;

  private CustomSettingsDecoder() {}

  /// The settings by identifier; problems are noted.
  public static Map<Integer, Long> decode(Http2ProtocolOptions wire, Field at) {
    var settings = new TreeMap<Integer, Long>();
    for (int i = 0; i < wire.getCustomSettingsParametersCount(); i++) {
      var parameter = wire.getCustomSettingsParameters(i);
      int identifier = parameter.getIdentifier().getValue();
      long value = Integer.toUnsignedLong(parameter.getValue().getValue());
      var there = at.at("custom_settings_parameters", i);
      var before = settings.putIfAbsent(identifier, value);
      there.check(
          before == null || before == value,
          "inconsistent HTTP/2 custom SETTINGS parameter(s) detected; identifiers = {0x%x}"
              .formatted(identifier));
      there.check(
          identifier != ENABLE_PUSH || value == 0,
          "server push is not supported and can not be enabled via a SETTINGS parameter.");
      there.check(
          identifier != CONNECT,
          "the \"allow_connect\" SETTINGS parameter must only be configured through the named"
              + " field");
      there.check(
          value >= (identifier == FRAME_SIZE ? LEAST_FRAME_SIZE : 0)
              && value <= greatest(identifier),
          "the value is none that HTTP/2 allows");
      there.check(
          !isNamed(wire, identifier),
          "the HTTP/2 SETTINGS parameter can not be configured through both named and custom"
              + " parameters");
    }
    return Map.copyOf(settings);
  }

  /// Source: RFC 9113, section 6.5.2.
  private static long greatest(int identifier) {
    return switch (identifier) {
      case STREAM_WINDOW -> Integer.MAX_VALUE;
      case FRAME_SIZE -> 0xff_ffff;
      default -> 0xffff_ffffL;
    };
  }

  private static boolean isNamed(Http2ProtocolOptions wire, int identifier) {
    return switch (identifier) {
      case TABLE_SIZE -> wire.hasHpackTableSize();
      case STREAMS -> wire.hasMaxConcurrentStreams();
      case STREAM_WINDOW -> wire.hasInitialStreamWindowSize();
      default -> false;
    };
  }
}
