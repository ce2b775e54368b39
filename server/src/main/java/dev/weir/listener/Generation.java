package dev.weir.listener;

import dev.weir.config.FilterChainConfig;
import dev.weir.config.FilterChainConfig.Admission;
import dev.weir.config.ListenerConfig;
import dev.weir.config.Metadata;
import dev.weir.connection.Connection;
import dev.weir.connection.FilterChain;
import dev.weir.listener.inspect.Inspector;
import dev.weir.telemetry.AccessLogGroup;
import dev.weir.telemetry.ListenerFacts;
import dev.weir.transport.StreamOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One generation of a listener's configuration, made live: all that an accepted connection needs.
/// Built on the main loop, published whole; immutable.
final class Generation {
  private final ListenerConfig config;
  private final ChainChoice choice;
  private final List<FilterChain> chains;
  private final List<Inspector> inspectors;
  private final Report report;
  private final Gate gate;
  private final StreamOptions stream;

  /// What is counted and said of the connections of this generation.
  record Report(ListenerFacts facts, ListenerStats stats, AccessLogGroup logs) {}

  private Generation(
      ListenerConfig config, ListenerStats stats, Gate gate, ListenerServices services)
      throws IOException {
    this.config = config;
    this.gate = gate;
    this.chains = new ArrayList<>();
    this.inspectors = services.filters().inspectors(config.inspection().filters(), stats.scope());
    this.stream = new StreamOptions(config.bufferLimit());
    try {
      var all = new ArrayList<FilterChain>();
      for (var chain : config.chains().chains()) {
        all.add(live(chain, services, stats));
      }
      var fallback = config.chains().defaultChain();
      this.choice =
          ChainChoice.of(
              config.chains().matcher(),
              all,
              fallback == null ? null : live(fallback, services, stats));
      this.report =
          new Report(
              new ListenerFacts(config.name(), config.report().direction(), Metadata.NONE),
              stats,
              services.telemetry().logs().open(config.report().accessLogs().logs()));
    } catch (IOException e) {
      retire();
      throw e;
    }
  }

  private FilterChain live(FilterChainConfig chain, ListenerServices services, ListenerStats stats)
      throws IOException {
    var live = services.filters().create(chain, stats.scope(), ListenerStats.prefix(config));
    chains.add(live);
    return live;
  }

  /// Makes a configuration live.
  ///
  /// @throws IOException if an access log cannot be opened
  static Generation of(
      ListenerConfig config, ListenerStats stats, Gate gate, ListenerServices services)
      throws IOException {
    return new Generation(config, stats, gate, services);
  }

  /// What it was made of.
  ListenerConfig config() {
    return config;
  }

  /// What is counted and said of its connections.
  Report report() {
    return report;
  }

  /// Who lets connections in, and turns away those that are too many.
  Gate gate() {
    return gate;
  }

  /// How its connections' channels behave.
  StreamOptions stream() {
    return stream;
  }

  /// The listener filters, in order.
  List<Inspector> inspectors() {
    return inspectors;
  }

  /// The chain for a connection; null if none serves it.
  @Nullable FilterChain find(Connection.Accepted accepted) {
    return choice.find(accepted.info(), accepted.record());
  }

  /// Completes, on any thread, when its chains have what they need to serve a connection.
  CompletableFuture<Void> warm() {
    return CompletableFuture.allOf(
        Stream.concat(
                chains.stream().map(FilterChain::warm), inspectors.stream().map(Inspector::warm))
            .toArray(CompletableFuture<?>[]::new));
  }

  /// Whom its chains admit, and how.
  Set<Admission> admissions() {
    return chains.stream().map(FilterChain::admission).collect(Collectors.toSet());
  }

  /// What its chains were made of.
  Set<FilterChainConfig> chainConfigs() {
    return chains.stream().map(FilterChain::config).collect(Collectors.toSet());
  }

  /// No new connection will come to it.
  void retire() {
    chains.forEach(FilterChain::release);
    inspectors.forEach(Inspector::close);
  }
}
