package dev.weir.proto;

import java.math.BigDecimal;
import java.math.MathContext;

/// Fractional numbers as the reference proxy prints them: as short as they can be without changing,
/// an exponent only where it is far from zero.
final class NumberText {
  private NumberText() {}

  static String of(double number) {
    if (!Double.isFinite(number)) {
      return Double.toString(number);
    }
    var exact = new BigDecimal(number);
    var rounded = exact.round(new MathContext(15));
    return rounded.doubleValue() == number
        ? text(rounded, 15)
        : text(exact.round(new MathContext(17)), 17);
  }

  static String of(float number) {
    if (!Float.isFinite(number)) {
      return Float.toString(number);
    }
    var exact = new BigDecimal(number);
    var rounded = exact.round(new MathContext(6));
    return rounded.floatValue() == number
        ? text(rounded, 6)
        : text(exact.round(new MathContext(9)), 9);
  }

  /// C's `%g`: with an exponent below 1e-4, and where the number has more digits than are exact.
  private static String text(BigDecimal number, int precision) {
    if (number.signum() == 0) {
      return "0";
    }
    var shortest = number.stripTrailingZeros();
    var exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < precision) {
      return shortest.toPlainString();
    }
    var sign = exponent < 0 ? "-" : "+";
    var digits = Math.abs(exponent);
    return shortest.movePointLeft(exponent).toPlainString()
        + "e"
        + sign
        + (digits < 10 ? "0" : "")
        + digits;
  }
}
