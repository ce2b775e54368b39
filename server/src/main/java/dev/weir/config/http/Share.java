package dev.weir.config.http;

/// A random share of requests (`type.v3.FractionalPercent`). Runtime keys are not looked up: the
/// default value is the value.
///
/// @param numerator of `denominator` parts
/// @param denominator 100, 10,000 or 1,000,000
public record Share(int numerator, int denominator) {
  /// Every request.
  public static final Share ALL = new Share(100, 100);

  /// No request.
  public static final Share NONE = new Share(0, 100);

  /// Whether a random number falls into the share.
  ///
  /// @param random any 64 bits
  public boolean includes(long random) {
    return Long.remainderUnsigned(random, denominator) < numerator;
  }
}
