package dev.weir.telemetry;

/// A statistic and its full name.
record NamedStat(String name, Stat stat) {}
