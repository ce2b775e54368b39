package dev.weir.upstream;

import dev.weir.config.ClusterConfig;
import dev.weir.config.EndpointsConfig;
import dev.weir.telemetry.ClusterFacts;
import dev.weir.transport.Dialer;
import dev.weir.transport.UpstreamTransport;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.balance.PickTrail;
import dev.weir.upstream.balance.SubsetKey;
import dev.weir.upstream.connect.TcpPools;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable;
import dev.weir.upstream.http.HttpPools;
import dev.weir.upstream.outlier.SuccessRates;
import dev.weir.xds.SerialLoop;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A live cluster. The main loop owns it; workers pick from it.
///
/// `start`, then `warm` completes, then it may be published; `drain` when another takes its place
/// or it is removed.
public final class Cluster {
  private static final Duration IDLE_CHECK = Duration.ofSeconds(10);

  private final SerialLoop main;
  private final Traits traits;
  private final ClusterHosts hosts;
  private final HostDiscovery discovery;
  private final HostView view;
  private final HttpPools http;
  private final @Nullable TcpPools tcp;

  /// What does not change about a cluster.
  ///
  /// @param breaker of the default priority
  /// @param highBreaker of the high priority
  /// @param workers how many workers may use it
  /// @param aggregation of which clusters it is made; null if it has hosts of its own
  record Traits(
      ClusterConfig config,
      ClusterStats stats,
      ClusterFacts facts,
      Dialer dialer,
      TransportSockets transports,
      CircuitBreaker breaker,
      CircuitBreaker highBreaker,
      int workers,
      @Nullable Aggregation aggregation) {}

  /// @param hosts publishes to the view
  /// @param discovery finds those hosts
  Cluster(
      SerialLoop main, Traits traits, ClusterHosts hosts, HostDiscovery discovery, HostView view) {
    this.main = main;
    this.traits = traits;
    this.hosts = hosts;
    this.discovery = discovery;
    this.view = view;
    this.http = new HttpPools(this, traits.workers);
    this.tcp =
        traits.config.upstream().preconnect().isAhead() ? new TcpPools(this, traits.workers) : null;
    hosts.onDrained(this::drain);
  }

  /// What it was made of.
  public ClusterConfig config() {
    return traits.config;
  }

  /// Begins to find hosts. Main loop only, once.
  public void start() {
    main.check();
    discovery.start();
  }

  /// Completes, on any thread, when the first hosts are known and checked or have been waited for
  /// long enough, and what their transports need is there.
  public CompletableFuture<Void> warm() {
    return hosts.warm().thenCompose(_ -> traits.transports.warm(table().hosts()));
  }

  /// What EDS says now. Main loop only.
  ///
  /// @throws IllegalStateException if its hosts do not come from EDS
  public void updateEndpoints(EndpointsConfig endpoints) {
    main.check();
    eds().update(endpoints);
  }

  /// EDS has not said anything in time: warm without hosts. Main loop only.
  ///
  /// @throws IllegalStateException if its hosts do not come from EDS
  public void initialFetchTimedOut() {
    main.check();
    eds().timedOut();
  }

  private EdsDiscovery eds() {
    if (discovery instanceof EdsDiscovery eds) {
      return eds;
    }
    throw new IllegalStateException(traits.config.name() + " has no endpoints from EDS");
  }

  /// No new picks are to be expected: discovery and checks end, the hosts stay known to the
  /// connections they have, which go on to count. Main loop only.
  public void drain() {
    main.check();
    discovery.stop();
    hosts.stop();
    http.drain();
    if (tcp != null) {
      tcp.drain();
    }
    closeStatsOnceIdle();
  }

  private void drain(Collection<Host> lost) {
    http.drain(lost);
    if (tcp != null) {
      tcp.drain(lost);
    }
  }

  private void closeStatsOnceIdle() {
    if (traits.breaker.isIdle() && traits.highBreaker.isIdle()) {
      traits.transports.close();
      traits.stats.close();
    } else {
      main.schedule(IDLE_CHECK, this::closeStatsOnceIdle);
    }
  }

  /// The cluster whose hosts serve for this one in a pick: itself, or the member of an aggregate
  /// that the pick is bidden to; null where no member has hosts. Any worker.
  public @Nullable Cluster serving(PickRequest request) {
    var aggregation = traits.aggregation;
    if (aggregation == null) {
      request.anywhere();
      return this;
    }
    return aggregation.choose(request);
  }

  /// The host for one connect attempt; null where there is none (`UH`). Any worker, its own
  /// request.
  public @Nullable Host pick(PickRequest request) {
    var foreseen = tcp == null ? null : tcp.foreseen(request);
    return foreseen == null ? view.pick(request) : foreseen;
  }

  /// What the pick after those that were foreseen already will lead to. Any worker.
  public @Nullable Host foresee(PickRequest request) {
    return view.pick(request);
  }

  /// What [#pick] would do. Main loop only.
  ///
  /// @param hash of the connection; null for none
  public PickTrail explain(SubsetKey subset, @Nullable Long hash) {
    main.check();
    return view.explain(subset, hash);
  }

  /// Its hosts by priority and locality, as they stood when they last changed. Any thread.
  public HostTable table() {
    return view.table();
  }

  /// How the success rates of its hosts compare; null where there is no outlier detection. Any
  /// thread.
  public @Nullable SuccessRates successRates() {
    return hosts.care().rates();
  }

  /// The same of connections, where they are judged apart from requests. Any thread.
  public @Nullable SuccessRates localOriginSuccessRates() {
    return hosts.care().localOriginRates();
  }

  /// Its limits at the default priority. Any thread.
  public CircuitBreaker breaker() {
    return traits.breaker;
  }

  /// Its limits at one priority. Any thread.
  public CircuitBreaker breaker(boolean high) {
    return high ? traits.highBreaker : traits.breaker;
  }

  /// The pooled HTTP connections to its hosts. Any worker.
  public HttpPools http() {
    return http;
  }

  /// The TCP connections that are made ahead of need; null where there are none. Any worker.
  public @Nullable TcpPools tcp() {
    return tcp;
  }

  /// How to connect to its hosts. Any worker.
  public Dialer dialer() {
    return traits.dialer;
  }

  /// What is spoken with one of its hosts. Any worker.
  public UpstreamTransport transport(Host host) {
    return traits.transports.of(host);
  }

  /// What records say of it.
  public ClusterFacts facts() {
    return traits.facts;
  }

  /// Its counters. Any thread.
  public ClusterStats stats() {
    return traits.stats;
  }
}
