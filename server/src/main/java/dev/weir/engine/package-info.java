/// Makes live clusters and listeners of what a control plane pushes: warm, active, drain.
///
/// Comes from: `dev.weir.xds`, which hands over each push on the main loop.
///
/// Goes to: `dev.weir.listener` and `dev.weir.upstream`, whose tables it publishes.
@NullMarked
package dev.weir.engine;

import org.jspecify.annotations.NullMarked;
