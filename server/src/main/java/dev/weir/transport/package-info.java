/// Event loops, sockets and TLS: what the other packages know of the operating system.
///
/// Comes from: `dev.weir.config`.
///
/// Goes to: `dev.weir.upstream` and `dev.weir.listener`, which open and accept connections with it.
@NullMarked
package dev.weir.transport;

import org.jspecify.annotations.NullMarked;
