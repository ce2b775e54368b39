/// `envoy.filters.network.tcp_proxy`: picks a cluster, connects, and moves the bytes both ways.
///
/// Comes from: `dev.weir.connection`, which hands over an admitted connection.
///
/// Goes to: `dev.weir.upstream` for the host, `dev.weir.telemetry` for what is said of it.
@NullMarked
package dev.weir.tcpproxy;

import org.jspecify.annotations.NullMarked;
