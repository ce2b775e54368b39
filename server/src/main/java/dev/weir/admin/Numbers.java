package dev.weir.admin;

import java.math.BigDecimal;

/// Writes numbers the short way: without a fraction where there is none.
final class Numbers {
  private Numbers() {}

  static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : BigDecimal.valueOf(value).toPlainString();
  }
}
