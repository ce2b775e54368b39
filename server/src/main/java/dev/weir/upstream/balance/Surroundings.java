package dev.weir.upstream.balance;

import dev.weir.upstream.host.HostTable;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What balancers know beside their hosts.
///
/// @param workers how many workers pick
/// @param nanoTime the clock that [dev.weir.upstream.host.Host#healthySince()] goes by; any thread
///   asks
/// @param gateways the hosts of the local cluster, of which this gateway is one; null where none is
///   configured
public record Surroundings(
    int workers, LongSupplier nanoTime, Supplier<@Nullable HostTable> gateways) {}
