package dev.weir.config;

/// Which sizes a Maglev table can have.
final class Primes {
  /// The size where none is said.
  static final long DEFAULT_TABLE = 65_537;

  private Primes() {}

  /// By trial division, which is quick for what fits a table.
  static boolean isPrime(long number) {
    if (number < 2) {
      return false;
    }
    for (long divisor = 2; divisor * divisor <= number; divisor++) {
      if (number % divisor == 0) {
        return false;
      }
    }
    return true;
  }
}
