package dev.weir.config;

/// At which moment of a connection's or request's life an access log line is written; what
/// `%ACCESS_LOG_TYPE%` prints and what `log_type_filter` asks for. Source:
/// `envoy.data.accesslog.v3.AccessLogType`, in the order of its numbers.
public enum AccessLogType {
  NOT_SET("NotSet", 0),
  TCP_UPSTREAM_CONNECTED("TcpUpstreamConnected", 1),
  TCP_PERIODIC("TcpPeriodic", 2),
  TCP_CONNECTION_END("TcpConnectionEnd", 3),
  DOWNSTREAM_START("DownstreamStart", 4),
  DOWNSTREAM_PERIODIC("DownstreamPeriodic", 5),
  DOWNSTREAM_END("DownstreamEnd", 6),
  UPSTREAM_POOL_READY("UpstreamPoolReady", 7),
  UPSTREAM_PERIODIC("UpstreamPeriodic", 8),
  UPSTREAM_END("UpstreamEnd", 9),
  DOWNSTREAM_TUNNEL_SUCCESSFULLY_ESTABLISHED("DownstreamTunnelSuccessfullyEstablished", 10),
  UDP_TUNNEL_UPSTREAM_CONNECTED("UdpTunnelUpstreamConnected", 11),
  UDP_PERIODIC("UdpPeriodic", 12),
  UDP_SESSION_END("UdpSessionEnd", 13),
  TCP_CONNECTION_START("TcpConnectionStart", 14);

  private final String text;
  private final int number;

  AccessLogType(String text, int number) {
    this.text = text;
    this.number = number;
  }

  /// Envoy's spelling, as printed.
  public String text() {
    return text;
  }

  /// The value on the wire, of `data.accesslog.v3.AccessLogType`.
  public int number() {
    return number;
  }
}
