package dev.weir.server;

import dev.weir.bootstrap.Bootstrap;
import dev.weir.bootstrap.Bootstrap.ProcessConfig;
import dev.weir.engine.ClusterManager;
import dev.weir.engine.ConfigNotes;
import dev.weir.engine.ControlPlaneStats;
import dev.weir.engine.Engine;
import dev.weir.engine.FilterConfigManager;
import dev.weir.engine.ListenerManager;
import dev.weir.engine.RouteManager;
import dev.weir.engine.SubscriptionStats;
import dev.weir.listener.DrainSignal;
import dev.weir.listener.FilterFactory;
import dev.weir.listener.GlobalLimit;
import dev.weir.listener.ListenerDirectory;
import dev.weir.listener.ListenerServices;
import dev.weir.telemetry.AccessLogSinks;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.Stats;
import dev.weir.telemetry.TimeSource;
import dev.weir.transport.EventLoops;
import dev.weir.transport.MainLoop;
import dev.weir.transport.Worker;
import dev.weir.transport.tls.CertificateExpiries;
import dev.weir.transport.tls.SecretStore;
import dev.weir.transport.tls.TransportFactory;
import dev.weir.upstream.ClusterFactory;
import dev.weir.upstream.Clusters;
import dev.weir.upstream.dns.DnsNames;
import dev.weir.upstream.health.HealthCheckMaker;
import dev.weir.xds.AccessLogStreams;
import dev.weir.xds.ControlPlaneObserver;
import dev.weir.xds.XdsClient;
import java.time.Duration;
import java.util.SplittableRandom;

/// The live parts of a server, put together with their constructors. What belongs to the main loop
/// is to be used there.
record Parts(
    MainLoop main,
    EventLoops loops,
    Stats stats,
    AccessLogSinks logs,
    AccessLogStreams logServices,
    XdsClient xds,
    ConfigNotes notes,
    Engine engine,
    CertificateExpiries certificates,
    DrainSignal drain) {

  /// Starts threads, and nothing else yet.
  static Parts of(Options options, Bootstrap bootstrap) {
    var main = new MainLoop();
    var loops = EventLoops.start(options.concurrency());
    var stats = new Stats(bootstrap.process().stats());
    var published = new Clusters();
    var servers = new GrpcServers(bootstrap, published);
    var logServices = new AccessLogStreams(main, bootstrap.xds().node(), servers::find);
    var logs =
        new AccessLogSinks(
            stats,
            Duration.ofMillis(options.flags().fileFlushIntervalMsec),
            options.flags().fileFlushMinSizeKb * 1024,
            logServices);
    var xds =
        new XdsClient(
            main, bootstrap.xds(), bootstrap::controlPlane, controlPlaneStats(bootstrap, stats));
    // What moves no connection's bytes has a thread beside the workers: questions to DNS servers,
    // and health checks.
    var side = EventLoops.start(1).workers().getFirst();
    var resources = bootstrap.resources();
    var notes = new ConfigNotes(stats, !options.flags().skipDeprecatedLogs);
    var expiries = new CertificateExpiries();
    var transports = transports(bootstrap, main, xds, stats, notes, expiries);
    var process = bootstrap.process();
    var gateway =
        new ClusterFactory.Gateway(
            options.concurrency(),
            process.node().locality(),
            process.clusterManager().localCluster());
    var clusters =
        new ClusterManager(
            new ClusterManager.Dependencies(
                main,
                xds,
                resources,
                clusterFactory(
                    main, stats, gateway, transports, side, health(main, logs, side, process)),
                published,
                stats,
                notes));
    clusters.showClustersOf("main_thread");
    loops.workers().forEach(worker -> clusters.showClustersOf(worker.toString()));
    var routes =
        new RouteManager(
            new RouteManager.Dependencies(main, xds, resources, clusters::exists, stats, notes));
    var filterConfigs =
        new FilterConfigManager(
            new FilterConfigManager.Dependencies(main, xds, resources, stats, notes));
    var drain = new DrainSignal(options.drain().time(), options.drain().strategy());
    var listeners =
        new ListenerManager(
            new ListenerServices(
                main,
                loops,
                new FilterFactory(
                    main,
                    new FilterFactory.Surroundings(
                        published,
                        stats,
                        logs,
                        transports,
                        new FilterFactory.Discoveries(routes, filterConfigs),
                        new FilterFactory.Identity(
                            process.node().workload(),
                            options.localAddress(),
                            process.node().metadata()))),
                new ListenerServices.Telemetry(stats, logs, TimeSource.SYSTEM),
                options.drain().time(),
                options.drain().strategy(),
                surroundings(process, stats, drain)),
            options.concurrency(),
            notes);
    var engine =
        new Engine(
            new Engine.Dependencies(main, xds, resources, stats, notes), clusters, listeners);
    return new Parts(main, loops, stats, logs, logServices, xds, notes, engine, expiries, drain);
  }

  private static TransportFactory transports(
      Bootstrap bootstrap,
      MainLoop main,
      XdsClient xds,
      Stats stats,
      ConfigNotes notes,
      CertificateExpiries expiries) {
    var secrets =
        new SecretStore(
            new SecretStore.Dependencies(
                main,
                xds,
                bootstrap.resources().secrets(),
                name -> SubscriptionStats.of(stats, "sds." + name, notes)),
            bootstrap.statics().secrets().stream().map(it -> it.value().value()).toList());
    return new TransportFactory(main, secrets, expiries);
  }

  private static ClusterFactory.Health health(
      MainLoop main, AccessLogSinks logs, Worker side, ProcessConfig process) {
    var checks =
        new HealthCheckMaker(
            new HealthCheckMaker.Dependencies(main, new SplittableRandom(), side, logs));
    return new ClusterFactory.Health(checks, logs, process.clusterManager().outlierLog());
  }

  private static ListenerServices.Surroundings surroundings(
      Bootstrap.ProcessConfig process, Stats stats, DrainSignal drain) {
    var limit = new GlobalLimit(process.limits());
    if (limit.isLimited()) {
      var scope =
          stats.scope(
              "overload.envoy.resource_monitors.global_downstream_max_connections",
              StatFamilies.RESOURCE_MONITOR);
      scope.gauge("pressure", limit::pressure);
    }
    return new ListenerServices.Surroundings(limit, new ListenerDirectory(), drain);
  }

  private static ClusterFactory clusterFactory(
      MainLoop main,
      Stats stats,
      ClusterFactory.Gateway gateway,
      TransportFactory transports,
      Worker side,
      ClusterFactory.Health health) {
    return new ClusterFactory(
        new ClusterFactory.Dependencies(
            main,
            stats,
            gateway,
            new DnsNames(main, side, stats),
            new SplittableRandom(),
            transports,
            health));
  }

  /// They are there if there is an aggregated stream.
  private static ControlPlaneObserver controlPlaneStats(Bootstrap bootstrap, Stats stats) {
    return bootstrap.xds().ads() == null
        ? ControlPlaneObserver.NONE
        : new ControlPlaneStats(stats.scope("control_plane", StatFamilies.CONTROL_PLANE));
  }
}
