/// Questions to the services that decide about connections and requests (`ext_authz`, `ratelimit`),
/// as messages.
///
/// Comes from: the filters that ask.
///
/// Goes to: whoever sends the bytes.
@NullMarked
package dev.weir.xds.decision;

import org.jspecify.annotations.NullMarked;
