package dev.weir.config.http;

import dev.weir.config.Metadata;

/// A checked `config.route.v3.Route`.
///
/// @param statPrefix names the counters `vhost.<name>.route.<statPrefix>.`; empty for none
public record RouteConfig(
    String name,
    RouteMatch match,
    RouteAction action,
    HeaderRules headers,
    FilterOverrides overrides,
    Metadata metadata,
    String statPrefix) {}
