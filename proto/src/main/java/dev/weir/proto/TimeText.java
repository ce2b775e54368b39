package dev.weir.proto;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Durations and points in time as text, both ways.
final class TimeText {
  /// Of a duration, either way from zero (google/protobuf/duration.proto).
  static final long MAX_SECONDS = 315_576_000_000L;

  private static final long NANOS = 1_000_000_000L;
  private static final Pattern EXACT = Pattern.compile("(-?[0-9]{1,18}(?:\\.[0-9]{1,9})?)s");

  /// As Go and many configurations write durations.
  private static final Pattern LOOSE =
      Pattern.compile("(?:[0-9]{1,18}(?:\\.[0-9]{1,9})?(?:h|ms|m|s|us|ns))+");

  private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(h|ms|m|s|us|ns)");
  private static final Map<String, BigDecimal> SECONDS_OF =
      Map.of(
          "h",
          BigDecimal.valueOf(3600),
          "m",
          BigDecimal.valueOf(60),
          "s",
          BigDecimal.ONE,
          "ms",
          new BigDecimal("0.001"),
          "us",
          new BigDecimal("0.000001"),
          "ns",
          new BigDecimal("0.000000001"));
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?"
              + "(Z|[+-][0-9]{2}:[0-9]{2})");

  private TimeText() {}

  /// A duration in the only spelling that protobuf's JSON mapping has: seconds, `1.5s`.
  static @Nullable Duration exactDuration(String text) {
    var match = EXACT.matcher(text);
    return match.matches() ? duration(new BigDecimal(match.group(1))) : null;
  }

  /// A duration in hours, minutes and so on, `1h30m` or `500ms`.
  static @Nullable Duration looseDuration(String text) {
    if (!LOOSE.matcher(text).matches()) {
      return null;
    }
    var sum = BigDecimal.ZERO;
    for (var part = PART.matcher(text); part.find(); ) {
      sum = sum.add(new BigDecimal(part.group(1)).multiply(SECONDS_OF.get(part.group(2))));
    }
    return duration(sum);
  }

  private static @Nullable Duration duration(BigDecimal seconds) {
    var whole = seconds.toBigInteger();
    if (whole.abs().bitLength() > 62 || Math.abs(whole.longValue()) > MAX_SECONDS) {
      return null;
    }
    var rest = seconds.subtract(new BigDecimal(whole)).multiply(BigDecimal.valueOf(NANOS));
    return Duration.newBuilder().setSeconds(whole.longValue()).setNanos(rest.intValue()).build();
  }

  static @Nullable Timestamp timestamp(String text) {
    if (!TIMESTAMP.matcher(text).matches()) {
      return null;
    }
    try {
      var instant = OffsetDateTime.parse(text).toInstant();
      return Timestamp.newBuilder()
          .setSeconds(instant.getEpochSecond())
          .setNanos(instant.getNano())
          .build();
    } catch (DateTimeException _) {
      return null;
    }
  }

  /// Whether the duration is what nearly every field of one means by it.
  static boolean isPositiveOrZero(Duration duration) {
    return duration.getSeconds() >= 0
        && duration.getSeconds() <= MAX_SECONDS
        && duration.getNanos() >= 0
        && duration.getNanos() < NANOS;
  }

  static BigDecimal seconds(Duration duration) {
    return BigDecimal.valueOf(duration.getSeconds())
        .add(BigDecimal.valueOf(duration.getNanos(), 9));
  }

  /// Since 1970.
  static BigDecimal seconds(Timestamp time) {
    return BigDecimal.valueOf(time.getSeconds()).add(BigDecimal.valueOf(time.getNanos(), 9));
  }

  /// `1.500s`: with as many groups of three digits as it needs. Also of a duration out of range.
  static String text(Duration duration) {
    var value = seconds(duration).stripTrailingZeros();
    var digits = (Math.max(value.scale(), 0) + 2) / 3 * 3;
    return value.setScale(digits).toPlainString() + "s";
  }
}
