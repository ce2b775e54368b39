package dev.weir.upstream.outlier;

import java.util.List;

/// How the success rates of hosts compare. Immutable.
///
/// @param average in percent; -1 if there were too few hosts
/// @param threshold below which a host is an outlier; -1 if there were too few hosts
public record SuccessRates(double average, double threshold) {
  /// Too few hosts to say anything.
  public static final SuccessRates NONE = new SuccessRates(-1, -1);

  /// @param factor how many standard deviations below the average the threshold is
  static SuccessRates of(List<Tally> hosts, double factor) {
    double sum = 0;
    for (var host : hosts) {
      sum += host.rate();
    }
    double mean = sum / hosts.size();
    double squares = 0;
    for (var host : hosts) {
      squares += (host.rate() - mean) * (host.rate() - mean);
    }
    return new SuccessRates(mean, mean - factor * Math.sqrt(squares / hosts.size()));
  }
}
