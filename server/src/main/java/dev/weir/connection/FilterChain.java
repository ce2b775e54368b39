package dev.weir.connection;

import dev.weir.config.FilterChainConfig;
import dev.weir.config.Metadata;
import dev.weir.config.NetworkFilterConfig;
import dev.weir.telemetry.FilterChainFacts;
import dev.weir.transport.DownstreamTransport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A live filter chain: one generation of its configuration, with its filters. A connection is
/// pinned to the chain that it was matched to. Immutable but for the count of its users; any
/// thread.
public final class FilterChain {
  private final FilterChainConfig config;
  private final FilterChainConfig.Admission admission;
  private final FilterChainFacts facts;
  private final DownstreamTransport transport;
  private final List<NetworkFilter> filters;
  private final Executor main;
  private final boolean discovers;
  private final AtomicInteger users = new AtomicInteger(1);

  /// @param main where transport and filters are closed once nobody needs them; the listener that
  ///   makes the chain is its first user
  public FilterChain(
      FilterChainConfig config,
      DownstreamTransport transport,
      List<NetworkFilter> filters,
      Executor main) {
    this.config = config;
    this.admission = config.admission();
    this.facts = new FilterChainFacts(config.name(), Metadata.NONE);
    this.transport = transport;
    this.filters = List.copyOf(filters);
    this.main = main;
    this.discovers =
        config.filters().stream().anyMatch(NetworkFilterConfig.Discovered.class::isInstance);
  }

  /// What it was made of.
  public FilterChainConfig config() {
    return config;
  }

  /// What records say of it.
  public FilterChainFacts facts() {
    return facts;
  }

  /// Whom it admits, and how; see [FilterChainConfig#admission].
  public FilterChainConfig.Admission admission() {
    return admission;
  }

  /// How bytes travel between its clients and us.
  public DownstreamTransport transport() {
    return transport;
  }

  /// Its filters, the terminal one last.
  public List<NetworkFilter> filters() {
    return filters;
  }

  /// Whether one of its filters has no configuration yet: nobody may come in then.
  public boolean isIncomplete() {
    for (int i = 0; discovers && i < filters.size(); i++) {
      if (filters.get(i).isMissing()) {
        return true;
      }
    }
    return false;
  }

  /// Completes, on any thread, when transport and filters have what they need to serve a
  /// connection.
  public CompletableFuture<Void> warm() {
    return CompletableFuture.allOf(
        Stream.concat(Stream.of(transport.warm()), filters.stream().map(NetworkFilter::warm))
            .toArray(CompletableFuture<?>[]::new));
  }

  /// One more connection needs the filters.
  public void retain() {
    users.incrementAndGet();
  }

  /// The listener or a connection does not need the filters any more.
  public void release() {
    if (users.decrementAndGet() == 0) {
      main.execute(this::close);
    }
  }

  private void close() {
    filters.forEach(NetworkFilter::close);
    transport.close();
  }
}
