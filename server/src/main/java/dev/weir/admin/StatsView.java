package dev.weir.admin;

import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.Histogram;
import dev.weir.telemetry.Stats;
import dev.weir.telemetry.TextReadout;
import java.util.SequencedMap;
import java.util.TreeMap;

/// The statistics that a query asks for, by name, as they stand at one moment.
///
/// @param numbers counters and gauges together
record StatsView(
    SequencedMap<String, String> texts,
    SequencedMap<String, Long> numbers,
    SequencedMap<String, Histogram> histograms) {

  static StatsView of(Stats stats, StatsQuery query) {
    var view = new StatsView(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    stats.forEach((name, stat) -> {
      if (query.wants(name, stat)) {
        switch (stat) {
          case Counter counter -> view.numbers.put(name, counter.value());
          case Gauge gauge -> view.numbers.put(name, gauge.value());
          case Histogram histogram -> view.histograms.put(name, histogram);
          case TextReadout text -> view.texts.put(name, text.value());
        }
      }
    });
    return view;
  }
}
