package dev.weir.config;

import com.google.protobuf.ByteString;
import com.google.protobuf.NullValue;
import com.google.protobuf.Timestamp;
import dev.cel.runtime.CelUnknownSet;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The values that expressions work with, which are those of protobuf where Java has none.
public final class CelValues {
  private static final long SECOND = 1_000_000_000;

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendLiteral("+00:00")
          .toFormatter()
          .withZone(ZoneOffset.UTC);

  private CelValues() {}

  /// A point in time.
  public static Object time(long epochMicros) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(epochMicros, 1_000_000))
        .setNanos((int) Math.floorMod(epochMicros, 1_000_000L) * 1000)
        .build();
  }

  /// A length of time.
  public static Object duration(long nanos) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(nanos / SECOND)
        .setNanos((int) (nanos % SECOND))
        .build();
  }

  /// A text as bytes.
  public static Object bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  /// Values as metadata has them.
  public static Object of(MetadataValue value) {
    return switch (value) {
      case MetadataValue.Null _ -> NullValue.NULL_VALUE;
      case MetadataValue.Bool(boolean truth) -> truth;
      case MetadataValue.Numeric(double number) -> number;
      case MetadataValue.Text(var text) -> text;
      case MetadataValue.Items(var items) -> {
        var list = new ArrayList<Object>(items.size());
        items.forEach(item -> list.add(of(item)));
        yield list;
      }
      case MetadataValue.Fields(var fields) -> of(fields);
    };
  }

  /// Metadata of one namespace.
  public static Map<String, Object> of(Map<String, MetadataValue> fields) {
    var map = new HashMap<String, Object>(fields.size() * 2);
    fields.forEach((key, value) -> map.put(key, of(value)));
    return map;
  }

  /// As Envoy prints it; null if it is none.
  static @Nullable String print(Object value) {
    return switch (value) {
      case CelUnknownSet _ -> null;
      case String text -> text;
      case ByteString bytes -> bytes.toStringUtf8();
      case NullValue _ -> "NULL";
      case Double number -> number(number);
      case Number number -> number.toString();
      case Boolean truth -> truth.toString();
      case List<?> _ -> "CelList value";
      case Map<?, ?> _ -> "CelMap value";
      case Timestamp time -> TIME.format(Instant.ofEpochSecond(time.getSeconds(), time.getNanos()));
      case com.google.protobuf.Duration length -> print(length);
      default -> "CelType value";
    };
  }

  /// With six digits.
  private static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
    var rounded = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (rounded.signum() == 0 || (exponent >= -4 && exponent < 6)) {
      return rounded.toPlainString();
    }
    var digits = rounded.unscaledValue().abs().toString();
    return (rounded.signum() < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  /// In the largest unit that it fills if it is below a second, in hours, minutes and seconds
  /// otherwise.
  private static String print(com.google.protobuf.Duration length) {
    var nanos =
        BigDecimal.valueOf(length.getSeconds())
            .multiply(BigDecimal.valueOf(SECOND))
            .add(BigDecimal.valueOf(length.getNanos()));
    var size = nanos.abs();
    if (size.signum() == 0) {
      return "0";
    }
    var sign = nanos.signum() < 0 ? "-" : "";
    if (size.compareTo(BigDecimal.valueOf(1_000)) < 0) {
      return sign + plain(size, 0) + "ns";
    }
    if (size.compareTo(BigDecimal.valueOf(1_000_000)) < 0) {
      return sign + plain(size, 3) + "us";
    }
    if (size.compareTo(BigDecimal.valueOf(SECOND)) < 0) {
      return sign + plain(size, 6) + "ms";
    }
    long seconds = Math.abs(length.getSeconds());
    var rest = size.remainder(BigDecimal.valueOf(60 * SECOND));
    return sign
        + (seconds >= 3600 ? seconds / 3600 + "h" : "")
        + (seconds / 60 % 60 > 0 ? seconds / 60 % 60 + "m" : "")
        + (rest.signum() > 0 ? plain(rest, 9) + "s" : "");
  }

  private static String plain(BigDecimal nanos, int digits) {
    return nanos.movePointLeft(digits).stripTrailingZeros().toPlainString();
  }
}
