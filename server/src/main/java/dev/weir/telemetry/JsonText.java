package dev.weir.telemetry;

import dev.weir.config.MetadataValue;
import java.math.BigDecimal;
import java.util.TreeMap;

/// JSON as Envoy's access logs write it: no spaces, keys in order, numbers as short as they can be.
final class JsonText {
  private JsonText() {}

  /// Writes a value, in quotes if it is text.
  static void value(MetadataValue value, LogLine line) {
    switch (value) {
      case MetadataValue.Null() -> line.text("null");
      case MetadataValue.Bool(var truth) -> line.text(Boolean.toString(truth));
      case MetadataValue.Numeric(var number) -> line.text(number(number));
      case MetadataValue.Text(var text) -> string(text, line);
      case MetadataValue.Items(var items) -> {
        line.ascii('[');
        for (int i = 0; i < items.size(); i++) {
          if (i > 0) {
            line.ascii(',');
          }
          value(items.get(i), line);
        }
        line.ascii(']');
      }
      case MetadataValue.Fields(var fields) -> {
        line.ascii('{');
        boolean first = true;
        for (var field : new TreeMap<>(fields).entrySet()) {
          if (!first) {
            line.ascii(',');
          }
          first = false;
          string(field.getKey(), line);
          line.ascii(':');
          value(field.getValue(), line);
        }
        line.ascii('}');
      }
    }
  }

  /// Writes a text in quotes.
  static void string(String text, LogLine line) {
    line.ascii('"');
    int from = line.length();
    line.text(text);
    line.escape(from);
    line.ascii('"');
  }

  /// The shorter of the plain and the scientific form; the plain one if they are equally long.
  static String number(double value) {
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "null";
    }
    var exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    String plain = exact.toPlainString();
    String scientific = scientific(exact);
    return scientific.length() < plain.length() ? scientific : plain;
  }

  /// The scientific form: `1.8e+06`.
  static String scientific(double value) {
    return scientific(new BigDecimal(Double.toString(value)).stripTrailingZeros());
  }

  private static String scientific(BigDecimal value) {
    String digits = value.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - value.scale();
    String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
    String sign = value.signum() < 0 ? "-" : "";
    int size = Math.abs(exponent);
    return sign
        + digits.charAt(0)
        + fraction
        + (exponent < 0 ? "e-" : "e+")
        + (size < 10 ? "0" : "")
        + size;
  }
}
