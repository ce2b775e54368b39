/// What only Istio's proxies know: its metrics of connections and requests, with its labels, so
/// that its dashboards have something to show.
///
/// Comes from: `dev.weir.listener` and `dev.weir.http`, whose filters these are. Goes to:
/// `dev.weir.telemetry`.
@NullMarked
package dev.weir.istio;

import org.jspecify.annotations.NullMarked;
