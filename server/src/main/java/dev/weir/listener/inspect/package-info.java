/// Listener filters: what is learnt of a connection before its filter chain is chosen.
///
/// Comes from: `dev.weir.listener`, which accepts connections.
///
/// Goes to: `dev.weir.connection.ConnectionInfo`, which chains are matched by.
@NullMarked
package dev.weir.listener.inspect;

import org.jspecify.annotations.NullMarked;
