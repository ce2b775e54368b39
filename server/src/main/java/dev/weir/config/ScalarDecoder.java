package dev.weir.config;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UInt64Value;
import java.time.Duration;

/// Reads scalars that may be unset. The first argument of each is the message's `has` method.
public final class ScalarDecoder {
  /// Longer than anything runs, and short enough for nanoseconds in 64 bits.
  private static final Duration CENTURY = Duration.ofDays(36_500);

  private ScalarDecoder() {}

  /// A duration, cut to a century. A negative one, which is refused as malformed, is zero.
  public static Duration duration(boolean set, com.google.protobuf.Duration wire, Duration unset) {
    return set ? duration(wire) : unset;
  }

  /// As above, for a duration that is set.
  public static Duration duration(com.google.protobuf.Duration wire) {
    if (wire.getSeconds() < 0 || wire.getNanos() < 0) {
      return Duration.ZERO;
    }
    if (wire.getSeconds() >= CENTURY.toSeconds()) {
      return CENTURY;
    }
    return Duration.ofSeconds(wire.getSeconds(), wire.getNanos());
  }

  /// A 32-bit number without a sign.
  public static long uint32(boolean set, UInt32Value wire, long unset) {
    return set ? Integer.toUnsignedLong(wire.getValue()) : unset;
  }

  /// A 64-bit number without a sign, cut to what a `long` holds.
  static long uint64(boolean set, UInt64Value wire, long unset) {
    return set ? (wire.getValue() < 0 ? Long.MAX_VALUE : wire.getValue()) : unset;
  }

  /// A number of bytes or things, cut to what an `int` holds.
  public static int size(boolean set, UInt32Value wire, int unset) {
    return (int) Math.min(uint32(set, wire, unset), Integer.MAX_VALUE);
  }

  /// `per_connection_buffer_limit_bytes`: 1 MiB unless said otherwise, 0 for no limit.
  static int bufferLimit(boolean set, UInt32Value wire) {
    int bytes = size(set, wire, 1024 * 1024);
    return bytes == 0 ? Integer.MAX_VALUE : bytes;
  }

  /// A truth value.
  public static boolean bool(boolean set, BoolValue wire, boolean unset) {
    return set ? wire.getValue() : unset;
  }
}
