/// Hosts: what is known of an endpoint while it lives, and the immutable tables in which hosts are
/// arranged by priority, locality and health.
///
/// Comes from: `dev.weir.upstream`, which makes hosts of what discovery finds.
///
/// Goes to: `dev.weir.upstream.balance`, which picks from the tables, and
/// `dev.weir.upstream.connect`, which connects.
@NullMarked
package dev.weir.upstream.host;

import org.jspecify.annotations.NullMarked;
