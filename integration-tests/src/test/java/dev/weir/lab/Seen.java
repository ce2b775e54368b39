package dev.weir.lab;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What was seen of a proxy, by name, to be compared with what is seen of another.
final class Seen {
  private final Map<String, String> all = new TreeMap<>();

  void put(String name, String value) {
    all.put(name, value);
  }

  /// Adds all counters and gauges whose names are of the one kind and not of the other.
  void putStats(Proxy proxy, Pattern compared, Pattern leftOut) throws IOException {
    proxy
        .stats()
        .forEach((name, value) -> {
          if (compared.matcher(name).matches() && !leftOut.matcher(name).matches()) {
            put("stat " + name, String.valueOf(value));
          }
        });
  }

  String get(String name) {
    return all.getOrDefault(name, "");
  }

  /// A line for each, in the order of their names.
  ///
  /// @param view what is compared of a line; empty for nothing
  String text(UnaryOperator<String> view) {
    return all.entrySet().stream()
        .map(entry -> view.apply(entry.getKey() + ": " + entry.getValue()))
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  String text() {
    return text(line -> line);
  }

  /// The same, with what another has seen taken into account.
  void agree(Agreement agreement) {
    all.replaceAll(agreement::of);
  }

  /// Makes one of two ways to see the same.
  interface Agreement {
    String of(String name, String value);
  }
}
