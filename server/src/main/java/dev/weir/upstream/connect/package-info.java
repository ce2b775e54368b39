/// Connections to hosts: the attempt, how it ended, and what the cluster and the host count of it.
///
/// Comes from: `dev.weir.upstream`, which picks the host.
///
/// Goes to: `dev.weir.tcpproxy`, which moves bytes over the connection.
@NullMarked
package dev.weir.upstream.connect;

import org.jspecify.annotations.NullMarked;
