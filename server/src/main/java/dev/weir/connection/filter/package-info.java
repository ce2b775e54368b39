/// Network filters that end a connection, slow it down, ask a service about it, or leave something
/// on it for the next one; and what those of requests share with them.
///
/// Comes from: `dev.weir.listener`, which builds them and lets connections through.
///
/// Goes to: the next filter of the chain, in the end `dev.weir.tcpproxy`.
@NullMarked
package dev.weir.connection.filter;

import org.jspecify.annotations.NullMarked;
