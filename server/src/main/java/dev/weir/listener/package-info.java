/// Live listeners: sockets, listener filters, and the filter chain that a connection matches.
///
/// Comes from: `dev.weir.engine`, which builds and swaps listeners.
///
/// Goes to: `dev.weir.connection`.
@NullMarked
package dev.weir.listener;

import org.jspecify.annotations.NullMarked;
