package dev.weir.config.http;

import dev.weir.config.Metadata;
import org.jspecify.annotations.Nullable;

/// A checked `config.route.v3.Route`.
///
/// @param statPrefix names the counters `vhost.<name>.route.<statPrefix>.`; empty for none
/// @param bufferLimit how many bytes of a body are kept for another attempt; null to do as the
///   virtual host says
public record RouteConfig(
    String name,
    RouteMatch match,
    RouteAction action,
    HeaderRules headers,
    FilterOverrides overrides,
    Metadata metadata,
    String statPrefix,
    @Nullable Long bufferLimit) {}
