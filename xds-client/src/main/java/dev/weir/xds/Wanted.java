package dev.weir.xds;

/// What somebody wants, and where it comes from.
public record Wanted(ConfigSource source, Names names) {}
