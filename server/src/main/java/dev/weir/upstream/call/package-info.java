/// Requests of the gateway's own to services behind clusters: it asks, and waits for the whole
/// answer.
///
/// Comes from: `dev.weir.upstream.http`, whose streams carry them.
///
/// Goes to: filters of connections and of requests that ask a service for a decision.
@NullMarked
package dev.weir.upstream.call;

import org.jspecify.annotations.NullMarked;
