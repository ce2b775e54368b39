package dev.weir.telemetry;

import dev.weir.config.Metadata;

/// What records say of a filter chain; one for all its connections.
///
/// @param name as configured, perhaps empty
/// @param metadata what `%METADATA(LISTENER_FILTER_CHAIN:…)%` reads
public record FilterChainFacts(String name, Metadata metadata) {}
