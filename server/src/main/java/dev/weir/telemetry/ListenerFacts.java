package dev.weir.telemetry;

import dev.weir.config.ListenerConfig.TrafficDirection;
import dev.weir.config.Metadata;

/// What records say of a listener; one for all its connections.
///
/// @param name as configured
/// @param metadata what `%METADATA(LISTENER:…)%` reads
public record ListenerFacts(String name, TrafficDirection direction, Metadata metadata) {}
