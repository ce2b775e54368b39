package dev.weir.config.http;

import dev.weir.config.MatcherConfig;
import java.util.List;

/// The `matcher` of a virtual host: leads to a list of routes, of which the first one that fits is
/// taken.
///
/// @param matcher finds the place of a list
/// @param lists of routes, each of them in order
public record RouteTree(MatcherConfig<Integer> matcher, List<List<RouteConfig>> lists) {}
