/// TLS on both sides: contexts, handshakes, certificates, and where they come from.
///
/// Comes from: `dev.weir.config`, and from control planes by way of `dev.weir.xds`.
///
/// Goes to: `dev.weir.listener` and `dev.weir.upstream`, as transports.
@NullMarked
package dev.weir.transport.tls;

import org.jspecify.annotations.NullMarked;
