package dev.weir.listener;

import dev.weir.config.AccessLogs;
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
import dev.weir.config.FilterChainConfig;
import dev.weir.config.FilterChainMatch;
import dev.weir.config.HealthConfig;
import dev.weir.config.LbConfig;
import dev.weir.config.ListenerConfig;
import dev.weir.config.ListenerConfig.Bind;
import dev.weir.config.ListenerConfig.Chains;
import dev.weir.config.ListenerConfig.DrainType;
import dev.weir.config.ListenerConfig.Inspection;
import dev.weir.config.ListenerConfig.ListenAddress;
import dev.weir.config.ListenerConfig.Report;
import dev.weir.config.ListenerConfig.TrafficDirection;
import dev.weir.config.Metadata;
import dev.weir.config.NetworkFilterConfig;
import dev.weir.config.SocketConfig;
import dev.weir.config.SubsetMatch;
import dev.weir.config.TcpProxyConfig;
import dev.weir.config.TcpProxyConfig.Attempts;
import dev.weir.config.TcpProxyConfig.Target;
import dev.weir.config.TcpProxyConfig.Timing;
import dev.weir.config.TransportSocketConfig;
import dev.weir.config.UpstreamHttpConfig;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Configuration with every default, of which a test changes what it is about.
public final class Configs {
  private Configs() {}

  /// Any free port of the loopback address.
  public static final Address ANY_PORT = new Address.Socket("127.0.0.1", 0);

  /// No timeout at all.
  public static final Timing UNTIMED = new Timing(Duration.ZERO, Duration.ZERO, 0);

  /// One attempt.
  public static final Attempts ONCE = attempts(1);

  /// So many attempts, without pauses.
  public static Attempts attempts(int max) {
    return new Attempts(max, Duration.ZERO, Duration.ZERO);
  }

  /// A TCP proxy to the cluster `up`.
  public static TcpProxyConfig tcpProxy() {
    return tcpProxy(AccessLogs.NONE);
  }

  /// A TCP proxy to the cluster `up` that logs.
  public static TcpProxyConfig tcpProxy(AccessLogs logs) {
    return new TcpProxyConfig(
        "p", new Target.Single("up"), UNTIMED, ONCE, SubsetMatch.NONE, null, logs);
  }

  /// A chain of some filters.
  public static FilterChainConfig chain(FilterChainMatch match, NetworkFilterConfig... filters) {
    return new FilterChainConfig(
        "", match, new TransportSocketConfig.RawBuffer(), List.of(filters), Duration.ZERO);
  }

  /// A listener on any port, with these chains.
  public static ListenerConfig listener(FilterChainConfig... chains) {
    return listener(1 << 20, ANY_PORT, chains);
  }

  /// A listener with these chains.
  public static ListenerConfig listener(
      int bufferLimit, Address address, FilterChainConfig... chains) {
    return new ListenerConfig(
        "l",
        bind(true, address),
        new Inspection(List.of(), Duration.ofSeconds(15), false),
        new Chains(List.of(chains), null),
        new Report("l", TrafficDirection.UNSPECIFIED, DrainType.DEFAULT, false, AccessLogs.NONE),
        bufferLimit);
  }

  /// Sockets on these addresses.
  public static Bind bind(boolean reusePort, Address... addresses) {
    return new Bind(
        Stream.of(addresses).map(a -> new ListenAddress(a, SocketConfig.DEFAULT)).toList(),
        true,
        reusePort,
        0);
  }

  /// The cluster `up` with one host that has several addresses.
  public static ClusterConfig cluster(Duration timeout, List<Address> addresses) {
    return cluster(1 << 20, timeout, List.of(addresses));
  }

  /// The cluster `up` with these hosts.
  public static ClusterConfig cluster(int bufferLimit, Duration timeout, Address... hosts) {
    return cluster(bufferLimit, timeout, Stream.of(hosts).map(List::of).toList());
  }

  private static ClusterConfig cluster(
      int bufferLimit, Duration timeout, List<List<Address>> hosts) {
    var endpoints =
        hosts.stream()
            .map(addresses ->
                new EndpointConfig(
                    addresses.getFirst(),
                    addresses.subList(1, addresses.size()),
                    "",
                    1,
                    HealthStatus.UNKNOWN,
                    Metadata.NONE,
                    HealthCheckAddress.SAME))
            .toList();
    var locality = new LocalityEndpoints(Locality.NONE, 0, 1, Metadata.NONE, endpoints);
    return new ClusterConfig(
        "up",
        "up",
        new Discovery.Static(
            new EndpointsConfig("up", List.of(locality), 140, false, Duration.ZERO)),
        new LbConfig(
            new LbConfig.Policy.RoundRobin(null),
            null,
            new LbConfig.Common(
                50, false, LbConfig.ZoneAware.DEFAULT, Duration.ofSeconds(1), false, false)),
        HealthConfig.NONE,
        new UpstreamConfig(
            timeout,
            bufferLimit,
            CircuitBreakersConfig.DEFAULT,
            new TransportSocketConfig.RawBuffer(),
            SocketConfig.DEFAULT,
            List.of(),
            HappyEyeballs.DEFAULT),
        UpstreamHttpConfig.DEFAULT,
        Metadata.NONE);
  }
}
