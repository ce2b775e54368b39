package dev.weir.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes field values of single values of a text, in protobuf's JSON mapping and with the liberties
/// that the reference proxy takes with it: numbers in quotes, `"yes"` for a boolean, enum values in
/// any case.
///
/// What does not fit is reported to the findings, and null returned.
final class ScalarReader {
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?");
  private static final Pattern HEX = Pattern.compile("([+-]?)0[xX]([0-9a-fA-F]+)");
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,10}");

  /// No number that anybody means is longer; a longer one takes long to convert.
  private static final int MAX_DIGITS = 400;

  private static final Set<String> TRUE = Set.of("true", "t", "yes", "y", "1");
  private static final Set<String> FALSE = Set.of("false", "f", "no", "n", "0");

  private final Findings findings;

  ScalarReader(Findings findings) {
    this.findings = findings;
  }

  /// The value for a field, or for one item of a repeated field, that is no message.
  @Nullable Object read(FieldDescriptor field, TextNode node, Positions place) {
    return switch (field.getType()) {
      case INT32, SINT32, SFIXED32 -> intValue(node, place, 31, true);
      case UINT32, FIXED32 -> intValue(node, place, 32, false);
      case INT64, SINT64, SFIXED64 -> longValue(node, place, 63, true);
      case UINT64, FIXED64 -> longValue(node, place, 64, false);
      case FLOAT -> floatValue(node, place);
      case DOUBLE -> doubleValue(node, place);
      case BOOL -> bool(node, place);
      case STRING -> text(node, place);
      case BYTES -> bytes(node, place);
      case ENUM -> enumValue(field, node, place);
      case MESSAGE, GROUP -> throw new IllegalStateException(field + " is no scalar");
    };
  }

  @Nullable String text(TextNode node, Positions place) {
    if (node instanceof TextNode.Text text) {
      return text.text();
    }
    var hint =
        node instanceof TextNode.Numeral || node instanceof TextNode.Bool ? ": quote it" : "";
    mismatch("a string", node, hint, place);
    return null;
  }

  private @Nullable Integer intValue(TextNode node, Positions place, int bits, boolean signed) {
    var value = whole(node, place, bits, signed);
    return value == null ? null : value.intValue();
  }

  private @Nullable Long longValue(TextNode node, Positions place, int bits, boolean signed) {
    var value = whole(node, place, bits, signed);
    return value == null ? null : value.longValue();
  }

  /// @param bits how many the value has besides the sign
  private @Nullable BigInteger whole(TextNode node, Positions place, int bits, boolean signed) {
    var number = number(node, "a whole number", place);
    if (number == null) {
      return null;
    }
    if (number.stripTrailingZeros().scale() > 0) {
      mismatch("a whole number", node, "", place);
      return null;
    }
    var limit = BigInteger.ONE.shiftLeft(bits);
    var least = signed ? limit.negate() : BigInteger.ZERO;
    var value = number.toBigInteger();
    if (value.compareTo(least) < 0 || value.compareTo(limit) >= 0) {
      var most = limit.subtract(BigInteger.ONE);
      findings.error(place, "must be from " + least + " to " + most + " (got " + node.said() + ")");
      return null;
    }
    return value;
  }

  private @Nullable BigDecimal number(TextNode node, String wanted, Positions place) {
    var text = numberText(node);
    var number = text == null ? null : parse(text);
    if (number == null) {
      mismatch(wanted, node, "", place);
    }
    return number;
  }

  private static @Nullable BigDecimal parse(String text) {
    if (text.length() > MAX_DIGITS) {
      return null;
    }
    var hex = HEX.matcher(text);
    if (hex.matches()) {
      return new BigDecimal(new BigInteger(hex.group(1) + hex.group(2), 16));
    }
    return DECIMAL.matcher(text).matches() ? new BigDecimal(text) : null;
  }

  private static @Nullable String numberText(TextNode node) {
    return switch (node) {
      case TextNode.Numeral number -> number.text();
      case TextNode.Text text -> text.text();
      case TextNode.Null _, TextNode.Bool _, TextNode.Items _, TextNode.Fields _ -> null;
    };
  }

  private @Nullable Double doubleValue(TextNode node, Positions place) {
    var text = numberText(node);
    if (text != null && node instanceof TextNode.Text) {
      switch (text.toLowerCase(Locale.ROOT)) {
        case "nan", "+nan", "-nan" -> {
          return Double.NaN;
        }
        case "inf", "+inf", "infinity", "+infinity" -> {
          return Double.POSITIVE_INFINITY;
        }
        case "-inf", "-infinity" -> {
          return Double.NEGATIVE_INFINITY;
        }
        default -> {}
      }
    }
    var number = number(node, "a number", place);
    return number == null ? null : number.doubleValue();
  }

  private @Nullable Float floatValue(TextNode node, Positions place) {
    var value = doubleValue(node, place);
    if (value == null) {
      return null;
    }
    var narrow = value.floatValue();
    if (Float.isInfinite(narrow) && !value.isInfinite()) {
      findings.error(place, "is out of range (got " + node.said() + ")");
      return null;
    }
    return narrow;
  }

  private @Nullable Boolean bool(TextNode node, Positions place) {
    if (node instanceof TextNode.Bool bool) {
      return bool.value();
    }
    if (node instanceof TextNode.Text text) {
      var word = text.text().toLowerCase(Locale.ROOT);
      if (TRUE.contains(word) || FALSE.contains(word)) {
        return TRUE.contains(word);
      }
    }
    mismatch("true or false", node, "", place);
    return null;
  }

  private @Nullable ByteString bytes(TextNode node, Positions place) {
    if (node instanceof TextNode.Text text) {
      try {
        var standard = text.text().replace('-', '+').replace('_', '/');
        return ByteString.copyFrom(Base64.getDecoder().decode(standard));
      } catch (IllegalArgumentException _) {
        // said below, without echoing what may be a secret
      }
    }
    findings.error(place, "must be base64");
    return null;
  }

  private @Nullable EnumValueDescriptor enumValue(
      FieldDescriptor field, TextNode node, Positions place) {
    var type = field.getEnumType();
    var text = numberText(node);
    if (text == null) {
      mismatch("a name or a number of " + type.getName(), node, "", place);
      return null;
    }
    var value = byName(field, text);
    if (value == null && WHOLE.matcher(text).matches()) {
      value = byNumber(type, Long.parseLong(text));
    }
    if (value == null) {
      findings.unknown(place, "unknown enum value '" + text + "'");
    }
    return value;
  }

  private static @Nullable EnumValueDescriptor byName(FieldDescriptor field, String text) {
    var type = field.getEnumType();
    var value = byAnyCase(type, text);
    if (value != null) {
      return value;
    }
    var newer = byAnyCase(NewerFields.newest(field).getEnumType(), text);
    return newer == null ? null : byNumber(type, newer.getNumber());
  }

  private static @Nullable EnumValueDescriptor byAnyCase(EnumDescriptor type, String text) {
    for (var value : type.getValues()) {
      if (value.getName().equalsIgnoreCase(text)) {
        return value;
      }
    }
    return null;
  }

  /// An open enum can hold any number; whether it may is for its rules to say.
  private static @Nullable EnumValueDescriptor byNumber(EnumDescriptor type, long number) {
    if (number != (int) number) {
      return null;
    }
    return type.isClosed()
        ? type.findValueByNumber((int) number)
        : type.findValueByNumberCreatingIfUnknown((int) number);
  }

  private void mismatch(String wanted, TextNode node, String hint, Positions place) {
    findings.error(place, "must be " + wanted + " (got " + node.said() + ")" + hint);
  }
}
