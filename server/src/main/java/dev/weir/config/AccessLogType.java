package dev.weir.config;

/// At which moment of a connection's or request's life an access log line is written; what
/// `%ACCESS_LOG_TYPE%` prints and what `log_type_filter` asks for. Source:
/// `envoy.data.accesslog.v3.AccessLogType`, in the order of its numbers.
public enum AccessLogType {
  NOT_SET("NotSet"),
  TCP_UPSTREAM_CONNECTED("TcpUpstreamConnected"),
  TCP_PERIODIC("TcpPeriodic"),
  TCP_CONNECTION_END("TcpConnectionEnd"),
  DOWNSTREAM_START("DownstreamStart"),
  DOWNSTREAM_PERIODIC("DownstreamPeriodic"),
  DOWNSTREAM_END("DownstreamEnd"),
  UPSTREAM_POOL_READY("UpstreamPoolReady"),
  UPSTREAM_PERIODIC("UpstreamPeriodic"),
  UPSTREAM_END("UpstreamEnd"),
  DOWNSTREAM_TUNNEL_SUCCESSFULLY_ESTABLISHED("DownstreamTunnelSuccessfullyEstablished"),
  UDP_TUNNEL_UPSTREAM_CONNECTED("UdpTunnelUpstreamConnected"),
  UDP_PERIODIC("UdpPeriodic"),
  UDP_SESSION_END("UdpSessionEnd"),
  TCP_CONNECTION_START("TcpConnectionStart");

  private final String text;

  AccessLogType(String text) {
    this.text = text;
  }

  /// Envoy's spelling, as printed.
  public String text() {
    return text;
  }
}
