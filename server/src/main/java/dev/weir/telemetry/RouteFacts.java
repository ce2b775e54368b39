package dev.weir.telemetry;

import dev.weir.config.Metadata;

/// What records say of a route.
///
/// @param name as configured, perhaps empty
public record RouteFacts(String name, Metadata metadata) {}
