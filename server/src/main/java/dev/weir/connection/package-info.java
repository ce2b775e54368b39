/// A downstream connection and the filters that it passes.
///
/// Comes from: `dev.weir.listener`, which accepts and matches it.
///
/// Goes to: `dev.weir.tcpproxy`, the filter at its end.
@NullMarked
package dev.weir.connection;

import org.jspecify.annotations.NullMarked;
