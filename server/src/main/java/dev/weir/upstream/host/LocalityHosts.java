package dev.weir.upstream.host;

import dev.weir.config.EndpointsConfig.Locality;

/// The hosts of one locality at one priority. Immutable.
///
/// @param weight of the locality among those of its priority; 0 takes no load under locality
///   weighting
public record LocalityHosts(Locality locality, long weight, HostsByHealth hosts) {}
