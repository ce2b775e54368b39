/// Configuration as immutable records, and the decoders that make them of wire messages. A record
/// here has been checked: every default is filled in, and nothing behind it looks at a message
/// again.
///
/// Comes from: `dev.weir.xds` (a push) and `dev.weir.bootstrap` (the start file).
///
/// Goes to: `dev.weir.engine`, which builds live objects of it.
@NullMarked
package dev.weir.config;

import org.jspecify.annotations.NullMarked;
