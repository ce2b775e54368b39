package dev.weir.config;

import java.util.Map;

/// What a rate limit service says.
///
/// @param overLimit whether it is too much
/// @param metadata what becomes dynamic metadata; empty for nothing
public record RateLimitAnswer(boolean overLimit, Map<String, MetadataValue> metadata) {}
