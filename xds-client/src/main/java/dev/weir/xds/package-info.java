/// The conversation with the control plane: state-of-the-world and delta, one aggregated stream or
/// a stream of its own, or files. Knows nothing of proxying.
///
/// Comes from: the bootstrap, which names the control planes and the node; `dev.weir.config`, which
/// supplies the [dev.weir.xds.ResourceType]s. Goes to: the sinks of `dev.weir.engine`, which make
/// live things of an [dev.weir.xds.Update]; `dev.weir.admin`, which shows what is held.
@NullMarked
package dev.weir.xds;

import org.jspecify.annotations.NullMarked;
