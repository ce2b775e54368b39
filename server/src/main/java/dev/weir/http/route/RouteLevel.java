package dev.weir.http.route;

import dev.weir.config.http.FilterOverrides;
import dev.weir.config.http.HeaderRules;

/// What one level of the routes does: to headers, and to filters. Immutable; any worker.
///
/// @param request changes of the request's headers
/// @param response changes of the response's headers
record RouteLevel(HeaderEdits request, HeaderEdits response, FilterOverrides overrides) {

  static RouteLevel of(HeaderRules rules, FilterOverrides overrides) {
    return new RouteLevel(
        HeaderEdits.of(rules.request()), HeaderEdits.of(rules.response()), overrides);
  }
}
