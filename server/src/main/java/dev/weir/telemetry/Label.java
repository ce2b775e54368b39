package dev.weir.telemetry;

/// A label of a statistic, as Prometheus has them.
public record Label(String name, String value) {}
