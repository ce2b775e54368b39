package dev.weir.config;

import dev.weir.config.http.MetadataMatch;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How many TCP connections are made ahead of need (`Cluster.PreconnectPolicy`), and how long they
/// wait to be used (`extensions.upstreams.tcp.v3.TcpProtocolOptions`).
///
/// @param perHost connections to a host for each one that is in use or asked for, from 1 to 3
/// @param predictive the same over all hosts, made to those that will be picked next, from 1 to 3
/// @param hosts by whose metadata a host is connected to ahead; null for all
/// @param idleTimeout after which a connection that nobody has used is closed; zero for never
public record PreconnectConfig(
    double perHost, double predictive, @Nullable MetadataMatch hosts, Duration idleTimeout) {

  /// Connections are made when they are needed.
  public static final PreconnectConfig NONE =
      new PreconnectConfig(1, 1, null, Duration.ofMinutes(10));

  /// Whether any connection is made ahead.
  public boolean isAhead() {
    return perHost > 1 || predictive > 1;
  }

  /// Whether connections are made ahead to a host with this metadata.
  public boolean admits(Metadata host) {
    return hosts == null || hosts.test(host.find(hosts.namespace(), hosts.path()));
  }
}
