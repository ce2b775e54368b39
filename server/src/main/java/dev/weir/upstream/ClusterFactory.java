package dev.weir.upstream;

import dev.weir.config.ClusterConfig;
import dev.weir.config.ClusterConfig.Discovery;
import dev.weir.config.ClusterConfig.DnsConfig;
import dev.weir.config.ClusterConfig.UpstreamConfig;
import dev.weir.config.EndpointsConfig;
import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.LbConfig;
import dev.weir.config.LbConfig.Policy;
import dev.weir.config.LbConfig.SubsetConfig;
import dev.weir.config.TransportSocketConfig;
import dev.weir.telemetry.AccessLogSinks;
import dev.weir.telemetry.ClusterFacts;
import dev.weir.telemetry.ClusterStatFamilies;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatFamily;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import dev.weir.transport.Dialer;
import dev.weir.transport.ProxyProtocolTransport;
import dev.weir.transport.UpstreamTransport;
import dev.weir.transport.tls.TransportFactory;
import dev.weir.upstream.balance.BalancerStats;
import dev.weir.upstream.balance.Balancers;
import dev.weir.upstream.balance.Surroundings;
import dev.weir.upstream.dns.DnsCaches;
import dev.weir.upstream.dns.DnsTarget;
import dev.weir.upstream.dns.NameResolver;
import dev.weir.upstream.health.HealthCheckMaker;
import dev.weir.upstream.host.HostTable.Shape;
import dev.weir.xds.SerialLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Makes live clusters of configured ones. Main loop only.
public final class ClusterFactory {
  /// Stays at 0: no worker has clusters of its own.
  private static final StatFamily INFLATED = StatFamily.gauges("clusters_inflated");

  private final Dependencies with;
  private final StatScope clusterManager;
  private final LocalCluster local;
  private final HostCareMaker care;
  private final DnsCaches caches;

  /// What clusters work with.
  ///
  /// @param random for pauses between questions and checks; main loop only
  public record Dependencies(
      SerialLoop main,
      Stats stats,
      Gateway gateway,
      NameResolver resolver,
      RandomGenerator random,
      TransportFactory transports,
      Health health) {}

  /// What looking after hosts takes.
  ///
  /// @param outlierLog where outlier detection writes its events; empty for nowhere
  public record Health(HealthCheckMaker checks, AccessLogSinks logs, String outlierLog) {}

  /// What clusters know of the gateway that they are part of.
  ///
  /// @param workers how many workers will pick
  /// @param locality the node's own
  /// @param localCluster the cluster that all gateways like this one are in; empty for none
  public record Gateway(int workers, Locality locality, String localCluster) {
    /// Nowhere, on its own.
    public static Gateway alone(int workers) {
      return new Gateway(workers, Locality.NONE, "");
    }
  }

  /// @param with what clusters work with
  public ClusterFactory(Dependencies with) {
    this.with = with;
    this.clusterManager = with.stats.scope("cluster_manager", StatFamilies.CLUSTER_MANAGER);
    this.local = new LocalCluster(with.gateway.localCluster);
    this.care = new HostCareMaker(with.main, with.random, with.health);
    this.caches = new DnsCaches(with.main, with.resolver, with.random, with.stats);
    for (int i = 0; i < with.gateway.workers; i++) {
      with.stats.scope("thread_local_cluster_manager.worker_" + i, INFLATED);
    }
  }

  /// The caches of names that dynamic forward proxies look up.
  public DnsCaches caches() {
    return caches;
  }

  /// A cluster that has not been started, and that knows of no others.
  ///
  /// @throws java.io.UncheckedIOException if a file cannot be opened that events are to be written
  ///   to
  public Cluster create(ClusterConfig config) {
    return create(config, new Clusters());
  }

  /// A cluster that has not been started.
  ///
  /// @param others where an aggregate finds its clusters
  public Cluster create(ClusterConfig config, Clusters others) {
    with.main.check();
    var counted = new ClusterStats(with.stats, config.statName(), with.gateway.locality.zone());
    var breakers = config.upstream().circuitBreakers();
    var transports = transports(config.upstream(), counted);
    var traits =
        new Cluster.Traits(
            config,
            counted,
            new ClusterFacts(config.name(), config.statName(), config.metadata()),
            new Dialer(config.upstream()),
            transports,
            new CircuitBreaker(
                breakers.normal(),
                CircuitBreaker.Priority.DEFAULT,
                breakers.perHostMaxConnections(),
                counted),
            new CircuitBreaker(
                breakers.high(),
                CircuitBreaker.Priority.HIGH,
                breakers.perHostMaxConnections(),
                counted),
            with.gateway.workers,
            aggregation(config, others));
    var view = new HostView(with.gateway.workers);
    var provided = provided(config, counted);
    var hosts = hosts(traits, provided, view);
    if (provided != null) {
      provided.into(hosts);
    }
    var discovery = provided == null ? discovery(config, counted, hosts) : provided;
    return new Cluster(with.main, traits, hosts, discovery, view);
  }

  private TransportSockets transports(UpstreamConfig config, ClusterStats counted) {
    return new TransportSockets(
        config.transportMatches().stream()
            .map(match ->
                new TransportSockets.Candidate(
                    match.name(), match.criteria(), transport(match.socket(), counted)))
            .toList(),
        transport(config.transportSocket(), counted),
        counted);
  }

  private UpstreamTransport transport(TransportSocketConfig config, ClusterStats counted) {
    return switch (config) {
      case TransportSocketConfig.ProxyProtocol(var header, var inner) ->
          new ProxyProtocolTransport(
              header, transport(inner, counted), new ProxyHeaderStats(counted));
      case TransportSocketConfig.RawBuffer _,
          TransportSocketConfig.UpstreamTls _,
          TransportSocketConfig.DownstreamTls _ ->
          with.transports.upstream(config, counted.scope());
    };
  }

  private static @Nullable Aggregation aggregation(ClusterConfig config, Clusters others) {
    return config.discovery() instanceof Discovery.Aggregate(var names)
        ? new Aggregation(names, others, (int) Math.round(config.lb().common().panicThreshold()))
        : null;
  }

  /// Null where a policy chooses among the hosts.
  private @Nullable ProvidedHosts provided(ClusterConfig config, ClusterStats counted) {
    return switch (config.discovery()) {
      case Discovery.OriginalDst original ->
          new OriginalDstHosts(with.main, config.name(), original, counted);
      case Discovery.Aggregate _ -> new AggregatedHosts();
      case Discovery.DynamicForward(var cache) ->
          new DynamicForwardHosts(caches.get(cache), config.upstream().transportSocket().secure());
      case Discovery.Static _, Discovery.Eds _ -> null;
      case Discovery.StrictDns _, Discovery.LogicalDns _ -> null;
    };
  }

  private ClusterHosts hosts(
      Cluster.Traits traits, @Nullable ProvidedHosts provided, HostView view) {
    var config = traits.config();
    var counted = traits.stats();
    var surroundings =
        new Surroundings(with.gateway.workers + 1, with.main::nanoTime, local::hosts);
    var balancers =
        provided == null
            ? Balancers.of(config.lb(), balancerStats(config.lb(), counted), surroundings)
            : provided;
    var members =
        new MemberStats(
            counted.scope(),
            clusterManager,
            provided == null && !(config.discovery() instanceof Discovery.Static),
            traits.transports());
    var hosts =
        new ClusterHosts(
            with.main, config.lb().common(), balancers, members, view, care.create(traits));
    if (local.is(config.name())) {
      hosts.lead(local);
    } else {
      hosts.follow(local);
    }
    return hosts;
  }

  private static BalancerStats balancerStats(LbConfig config, ClusterStats counted) {
    var tables =
        switch (config.policy()) {
          case Policy.RingHash _ -> counted.open("ring_hash_lb", ClusterStatFamilies.RING_HASH_LB);
          case Policy.Maglev _ -> counted.open("maglev_lb", ClusterStatFamilies.MAGLEV_LB);
          case Policy.RoundRobin _, Policy.LeastRequest _, Policy.Random _ -> counted.scope();
          case Policy.ClusterProvided _ -> counted.scope();
        };
    return new BalancerStats(counted.scope(), tables, selectorStats(config.subsets(), counted));
  }

  private static Map<List<String>, StatScope> selectorStats(
      @Nullable SubsetConfig subsets, ClusterStats counted) {
    var scopes = new HashMap<List<String>, StatScope>();
    if (subsets != null) {
      for (var selector : subsets.selectors()) {
        scopes.computeIfAbsent(
            selector.keys(),
            keys ->
                counted.openBeside(
                    "subset_selector." + String.join(",", keys).replace('.', '_'),
                    ClusterStatFamilies.SUBSET_SELECTOR));
      }
    }
    return scopes;
  }

  private HostDiscovery discovery(ClusterConfig config, ClusterStats counted, ClusterHosts hosts) {
    return switch (config.discovery()) {
      case Discovery.Static(var endpoints) ->
          new StaticDiscovery(endpoints, shape(endpoints, config), hosts);
      case Discovery.Eds _ ->
          new EdsDiscovery(with.main, endpoints -> shape(endpoints, config), counted, hosts);
      case Discovery.StrictDns(var endpoints, var dns) ->
          new StrictDnsDiscovery(endpoints, shape(endpoints, config), dns(dns, counted), hosts);
      case Discovery.LogicalDns(var endpoints, var dns) ->
          new LogicalDnsDiscovery(endpoints, shape(endpoints, config), dns(dns, counted), hosts);
      case Discovery.OriginalDst _, Discovery.Aggregate _, Discovery.DynamicForward _ ->
          throw new IllegalStateException("hosts are provided: " + config.name());
    };
  }

  private DnsTarget.Setting dns(DnsConfig config, ClusterStats counted) {
    return new DnsTarget.Setting(
        with.main, with.resolver, with.random, config, counted.scope(), "update");
  }

  private Shape shape(EndpointsConfig endpoints, ClusterConfig config) {
    return Assignment.shape(
        endpoints, config.lb().common().localityWeighted(), with.gateway.locality);
  }
}
