/// Names to addresses: over DNS, with `/etc/hosts` first.
///
/// Comes from: `dev.weir.upstream`, whose clusters have names for hosts.
///
/// Goes to: `dev.weir.upstream`, as answers on the main loop.
@NullMarked
package dev.weir.upstream.dns;

import org.jspecify.annotations.NullMarked;
