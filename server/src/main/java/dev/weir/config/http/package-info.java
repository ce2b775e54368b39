/// Configuration of HTTP: routes, what a connection manager does to requests and responses, and its
/// filters.
///
/// Comes from: `dev.weir.config`, whose decoders meet a connection manager in a filter chain, or a
/// route configuration in a push.
///
/// Goes to: `dev.weir.http`, which makes it live.
@NullMarked
package dev.weir.config.http;

import org.jspecify.annotations.NullMarked;
