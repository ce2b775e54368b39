package dev.weir.telemetry;

import dev.weir.config.Metadata;
import java.net.SocketAddress;

/// What records say of a host; one for all connections to it.
///
/// @param name its host name if it has one, else its address as text; what `%UPSTREAM_HOST_NAME%`
///   prints
/// @param metadata what `%UPSTREAM_METADATA(…)%` reads
public record HostFacts(SocketAddress address, String name, Metadata metadata) {}
