package dev.weir.upstream.host;

import java.util.List;

/// The hosts of one priority, as a whole and by locality. Immutable.
///
/// @param localities the gateway's own first if it is among them, the others by name
/// @param localFirst whether the first locality is the gateway's own
/// @param weighted whether the localities' weights are known and wanted
public record HostSet(
    int priority,
    HostsByHealth hosts,
    List<LocalityHosts> localities,
    boolean localFirst,
    boolean weighted) {}
