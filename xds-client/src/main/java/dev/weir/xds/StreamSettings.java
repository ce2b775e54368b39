package dev.weir.xds;

import io.envoyproxy.envoy.config.core.v3.Node;

/// How a stream introduces itself.
///
/// @param node who we are
/// @param nodeOnFirstMessageOnly whether later requests leave out the node
/// @param remembers whether what we hold came from the same control plane, so that its versions
///   mean something to it
record StreamSettings(Node node, boolean nodeOnFirstMessageOnly, boolean remembers) {}
