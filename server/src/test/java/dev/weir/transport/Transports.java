package dev.weir.transport;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// For tests of more transports than a machine may have.
public final class Transports {
  private Transports() {}

  /// Skips the test, and says why, where this one does not work.
  public static void assumeWork(Transport transport) {
    var obstacle = transport.obstacle();
    assumeTrue(obstacle == null, () -> "SKIPPED: no " + transport + " here: " + obstacle);
  }
}
