package dev.weir.lab.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What a scenario has measured, round by round.
final class Figures {
  private final Scenario scenario;
  private final Map<Contender, List<double[]>> rounds = new EnumMap<>(Contender.class);

  Figures(Scenario scenario) {
    this.scenario = scenario;
  }

  Scenario scenario() {
    return scenario;
  }

  /// Adds what one contender did in the round that follows its last.
  void add(Contender contender, double[] values) {
    rounds.computeIfAbsent(contender, _ -> new ArrayList<>()).add(values);
  }

  /// Who took part, in the order of the tables.
  List<Contender> contenders() {
    return List.copyOf(rounds.keySet());
  }

  /// The values of one metric, sorted.
  double[] values(Contender contender, int metric) {
    return rounds.getOrDefault(contender, List.of()).stream()
        .mapToDouble(round -> round[metric])
        .sorted()
        .toArray();
  }

  double median(Contender contender, int metric) {
    return median(values(contender, metric));
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length == 0
        ? Double.NaN
        : sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /// How Weir did in relation to Envoy: the ratio of each round, of which the middle one. NaN where
  /// one of them did not take part.
  double ratio(int metric) {
    var weir = rounds.getOrDefault(Contender.WEIR, List.of());
    var envoy = rounds.getOrDefault(Contender.ENVOY, List.of());
    var ratios = new double[Math.min(weir.size(), envoy.size())];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = weir.get(i)[metric] / envoy.get(i)[metric];
    }
    Arrays.sort(ratios);
    return median(ratios);
  }
}
