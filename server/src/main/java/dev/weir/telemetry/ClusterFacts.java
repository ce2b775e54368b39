package dev.weir.telemetry;

import dev.weir.config.Metadata;

/// What records say of a cluster; one for all connections to it.
///
/// @param name what `%UPSTREAM_CLUSTER_RAW%` prints
/// @param statName its `alt_stat_name`, or else its name; what `%UPSTREAM_CLUSTER%` prints
/// @param metadata what `%CLUSTER_METADATA(…)%` reads
public record ClusterFacts(String name, String statName, Metadata metadata) {}
