package dev.weir.upstream;

import dev.weir.config.Address;
import dev.weir.config.CircuitBreakersConfig;
import dev.weir.config.ClusterConfig;
import dev.weir.config.ClusterConfig.Discovery;
import dev.weir.config.ClusterConfig.HappyEyeballs;
import dev.weir.config.ClusterConfig.UpstreamConfig;
import dev.weir.config.EndpointsConfig;
import dev.weir.config.EndpointsConfig.EndpointConfig;
import dev.weir.config.EndpointsConfig.HealthCheckAddress;
import dev.weir.config.EndpointsConfig.HealthStatus;
import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.EndpointsConfig.LocalityEndpoints;
import dev.weir.config.HealthConfig;
import dev.weir.config.LbConfig;
import dev.weir.config.LbConfig.Common;
import dev.weir.config.LbConfig.Policy;
import dev.weir.config.LbConfig.ZoneAware;
import dev.weir.config.Metadata;
import dev.weir.config.SocketConfig;
import dev.weir.config.TransportSocketConfig;
import dev.weir.config.UpstreamHttpConfig;
import dev.weir.engine.ManualLoop;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.Histogram;
import dev.weir.telemetry.Stats;
import dev.weir.telemetry.TextReadout;
import dev.weir.transport.tls.TestTransports;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.health.FakeProbes;
import dev.weir.xds.ConfigSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/// Clusters named `c` on a loop with a clock that the test turns.
final class TestClusters {
  static final Duration MERGE_WINDOW = Duration.ofSeconds(1);
  static final LbConfig ROUND_ROBIN =
      new LbConfig(
          new Policy.RoundRobin(null),
          null,
          new Common(50, false, ZoneAware.DEFAULT, MERGE_WINDOW, false, false));

  final ManualLoop main = new ManualLoop();
  final Stats stats = new Stats();
  final FakeNames names = new FakeNames();
  final FakeProbes probes = new FakeProbes();
  private final ClusterFactory factory =
      new ClusterFactory(
          new ClusterFactory.Dependencies(
              main,
              stats,
              ClusterFactory.Gateway.alone(1),
              names,
              new SplittableRandom(1),
              TestTransports.of(main),
              probes.health(main, stats)));
  private final PickRequest request = new PickRequest(0, new SplittableRandom(1));

  static ClusterConfig config(Discovery discovery) {
    return config(discovery, CircuitBreakersConfig.DEFAULT);
  }

  static ClusterConfig config(Discovery discovery, CircuitBreakersConfig breakers) {
    return new ClusterConfig(
        "c",
        "c",
        discovery,
        ROUND_ROBIN,
        HealthConfig.NONE,
        new UpstreamConfig(
            Duration.ofSeconds(5),
            1 << 20,
            breakers,
            new TransportSocketConfig.RawBuffer(),
            SocketConfig.DEFAULT,
            List.of(),
            HappyEyeballs.DEFAULT),
        UpstreamHttpConfig.DEFAULT,
        Metadata.NONE);
  }

  static Discovery eds() {
    return new Discovery.Eds(new ConfigSource.Ads(Duration.ofSeconds(15)), "c");
  }

  /// Endpoints such as `10.0.0.1:80`, with what may follow: `*3` for the weight, `!UNHEALTHY` for
  /// the status, `@1` for the priority.
  static EndpointsConfig endpoints(String... texts) {
    var localities = new ArrayList<LocalityEndpoints>();
    for (var text : texts) {
      var parts = text.split("(?=[*!@])", -1);
      long weight = 1;
      int priority = 0;
      var status = HealthStatus.UNKNOWN;
      for (int i = 1; i < parts.length; i++) {
        var value = parts[i].substring(1);
        switch (parts[i].charAt(0)) {
          case '*' -> weight = Long.parseLong(value);
          case '!' -> status = HealthStatus.valueOf(value);
          case '@' -> priority = Integer.parseInt(value);
          default -> throw new IllegalArgumentException(text);
        }
      }
      var endpoint =
          new EndpointConfig(
              address(parts[0]),
              List.of(),
              "",
              weight,
              status,
              Metadata.NONE,
              HealthCheckAddress.SAME);
      localities.add(
          new LocalityEndpoints(Locality.NONE, priority, 0, Metadata.NONE, List.of(endpoint)));
    }
    return new EndpointsConfig("c", localities, 140, false, Duration.ZERO);
  }

  static Address address(String text) {
    int colon = text.lastIndexOf(':');
    return new Address.Socket(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  Cluster start(ClusterConfig config) {
    var cluster = factory.create(config);
    cluster.start();
    main.run();
    return cluster;
  }

  /// Every host that some picks find, in the order of their addresses.
  String picks(Cluster cluster) {
    var found = new TreeSet<String>();
    for (int i = 0; i < 20; i++) {
      found.add(String.valueOf(cluster.pick(request)));
    }
    return String.join(" ", found);
  }

  long stat(String name) {
    var found = new long[1];
    stats.forEach((full, stat) -> {
      if (full.equals(name)) {
        found[0] =
            switch (stat) {
              case Counter counter -> counter.value();
              case Gauge gauge -> gauge.value();
              case Histogram _, TextReadout _ -> 0;
            };
      }
    });
    return found[0];
  }
}
