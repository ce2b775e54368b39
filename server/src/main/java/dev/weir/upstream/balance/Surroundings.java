package dev.weir.upstream.balance;

import dev.weir.upstream.host.HostTable;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What balancers know beside their hosts.
///
/// @param threads how many threads pick: the workers, and the main loop as one more of them
/// @param nanoTime the clock that [dev.weir.upstream.host.Host#healthySince()] goes by; any thread
///   asks
/// @param gateways the hosts of the local cluster, of which this gateway is one; null where none is
///   configured
public record Surroundings(
    int threads, LongSupplier nanoTime, Supplier<@Nullable HostTable> gateways) {}
