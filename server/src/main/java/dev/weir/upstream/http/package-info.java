/// Connections to hosts that speak HTTP, pooled for each worker and host, and the streams on them.
///
/// Comes from: `dev.weir.upstream.connect`, whose connections these are.
///
/// Goes to: `dev.weir.tcpproxy`, which tunnels through a stream, and `dev.weir.http`, which routes
/// requests to streams.
@NullMarked
package dev.weir.upstream.http;

import org.jspecify.annotations.NullMarked;
