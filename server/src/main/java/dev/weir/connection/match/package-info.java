/// Decisions about connections that are made step by step.
///
/// Comes from: `dev.weir.listener`, which chooses filter chains.
///
/// Goes to: `dev.weir.connection.ConnectionInfo`, where the facts are.
@NullMarked
package dev.weir.connection.match;

import org.jspecify.annotations.NullMarked;
