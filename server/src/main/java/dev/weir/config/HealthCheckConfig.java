package dev.weir.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A checked `config.core.v3.HealthCheck`: what is asked of a host, how often, and how many answers
/// change its state.
///
/// @param name among the checks of a cluster; may be empty where there is only one
/// @param thresholds how many answers in a row change the state of a host
/// @param eventLog what is written of changes and results
public record HealthCheckConfig(
    String name,
    Probe probe,
    Schedule schedule,
    Thresholds thresholds,
    Connections connections,
    EventLog eventLog) {

  /// How many answers in a row it takes.
  ///
  /// @param unhealthy failures that make a healthy host unhealthy; 0 never does
  /// @param healthy successes that make an unhealthy host healthy; 0 never does
  public record Thresholds(long unhealthy, long healthy) {}

  /// What checks are made over.
  ///
  /// @param reuse asks again over the connection of the last check
  /// @param alpnProtocols `tls_options`; empty for those of the check's own protocol
  /// @param socketMatch `transport_socket_match_criteria`: takes the place of the endpoint's
  ///   metadata in the choice among `transport_socket_matches`; null for the endpoint's own
  public record Connections(
      boolean reuse, List<String> alpnProtocols, @Nullable Map<String, MetadataValue> socketMatch) {
    /// Reused, with nothing special about it.
    public static final Connections DEFAULT = new Connections(true, List.of(), null);
  }

  /// When a check is made.
  ///
  /// @param timeout until a check without an answer has failed
  /// @param initialJitter up to which the first check is put off
  /// @param intervalJitter up to which each later one is put off
  /// @param intervalJitterPercent of the interval, added to `intervalJitter`
  public record Schedule(
      Duration timeout,
      Duration initialJitter,
      Duration intervalJitter,
      long intervalJitterPercent,
      Intervals intervals) {}

  /// The pause between two checks of a host.
  ///
  /// @param unhealthy while the host is unhealthy
  /// @param unhealthyEdge after the check that made it unhealthy
  /// @param healthyEdge after the check that made it healthy
  /// @param noTraffic while the cluster has not had a connection yet
  /// @param noTrafficHealthy the same, once the host is healthy
  public record Intervals(
      Duration regular,
      Duration unhealthy,
      Duration unhealthyEdge,
      Duration healthyEdge,
      Duration noTraffic,
      Duration noTrafficHealthy) {}

  /// What is written of changes and results.
  ///
  /// @param paths files for changes of health, one JSON object each
  /// @param everyFailure writes each failure, also without a change
  /// @param everySuccess writes each success, also without a change
  public record EventLog(List<String> paths, boolean everyFailure, boolean everySuccess) {
    /// Nothing is written.
    public static final EventLog NONE = new EventLog(List.of(), false, false);
  }

  /// One way to ask.
  public sealed interface Probe {

    /// `tcp_health_check`.
    ///
    /// @param send bytes in hexadecimal; empty only connects, or waits for `receive`
    /// @param receive blocks in hexadecimal, each of which has to come, in order; empty is content
    ///   with a connection
    /// @param header goes before what is sent
    record Tcp(String send, List<String> receive, ProxyHeader header) implements Probe {}

    /// `http_health_check`.
    record Http(HttpRequest request, HttpExpectation expectation, boolean http2) implements Probe {}

    /// `grpc_health_check`.
    ///
    /// @param serviceName empty for the server as a whole
    /// @param authority empty for the name that the endpoint gives for its checks, or else the
    ///   cluster's
    record Grpc(String serviceName, String authority, List<Header> metadata) implements Probe {}
  }

  /// `proxy_protocol_config` of a TCP check.
  public enum ProxyHeader {
    NONE,
    V1,
    V2
  }

  /// The request of an HTTP check.
  ///
  /// @param host empty for the cluster's name; the name that the endpoint gives for its checks goes
  ///   before it
  /// @param headersToAdd in order
  /// @param body in hexadecimal
  public record HttpRequest(
      String method,
      String host,
      String path,
      List<Header> headersToAdd,
      List<String> headersToRemove,
      String body) {}

  /// A header that is added to a request.
  public record Header(String name, String value, HeaderAddition.Action action) {}

  /// The answer that an HTTP check takes as healthy.
  ///
  /// @param statuses at least one range
  /// @param retriable statuses that count as failures only when the threshold is reached
  /// @param receive blocks in hexadecimal that the body has to have, in order
  /// @param bodyLimit how many bytes of the body are looked at; 0 for all
  /// @param serviceName what `x-envoy-upstream-healthchecked-cluster` has to be; null for anything
  public record HttpExpectation(
      List<StatusRange> statuses,
      List<StatusRange> retriable,
      List<String> receive,
      long bodyLimit,
      @Nullable TextMatch serviceName) {}

  /// Statuses from `start` on, to below `end`.
  public record StatusRange(int start, int end) {}
}
