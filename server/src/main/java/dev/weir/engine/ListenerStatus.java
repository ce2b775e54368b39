package dev.weir.engine;

import dev.weir.config.Address;
import dev.weir.config.ListenerConfig;
import java.util.List;

/// How a listener fares.
///
/// @param accepting whether it takes new connections
/// @param addresses where it listens, or would; with the ports that the kernel chose where any
///   would do
public record ListenerStatus(
    Origin<ListenerConfig> origin, boolean accepting, List<Address> addresses) {}
