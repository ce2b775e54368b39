/// The start configuration: read from files and flags, its static resources made by the decoders
/// that a push uses too.
///
/// Comes from: the command line.
///
/// Goes to: `dev.weir.server`, which wires the process of it.
@NullMarked
package dev.weir.bootstrap;

import org.jspecify.annotations.NullMarked;
