/// The command line and the composition root: builds all parts with their constructors, starts,
/// drains and stops them.
///
/// Comes from: the command line.
///
/// Goes to: every other package.
@NullMarked
package dev.weir.server;

import org.jspecify.annotations.NullMarked;
