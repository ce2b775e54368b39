package dev.weir.upstream.balance;

import dev.weir.upstream.host.Host;

/// What a host weighs at the moment. Any worker asks.
@FunctionalInterface
interface Weighing {
  /// The weight that was configured.
  Weighing CONFIGURED = (_, weight) -> weight;

  /// The weight now, above 0.
  ///
  /// @param weight the one that was configured
  double weigh(Host host, double weight);

  /// Less, the more active requests a host has.
  ///
  /// @param bias the exponent of the load: 0 does not care for it
  static Weighing byLoad(double bias) {
    if (bias == 0) {
      return CONFIGURED;
    }
    if (bias == 1) {
      return (host, weight) -> weight / (host.counters().rqActive() + 1);
    }
    return (host, weight) -> weight / Math.pow(host.counters().rqActive() + 1, bias);
  }
}
