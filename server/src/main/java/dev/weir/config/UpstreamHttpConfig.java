package dev.weir.config;

import java.time.Duration;

/// How HTTP is spoken with the hosts of a cluster
/// (`extensions.upstreams.http.v3.HttpProtocolOptions`, and the older fields of a cluster itself).
///
/// @param tunnelTimeout from the beginning of an attempt to the host's consent to a tunnel; zero
///   for ever. A setting of our own: `dev.weir.settings.ClusterSettings`
public record UpstreamHttpConfig(
    Choice choice,
    Http1 http1,
    Http2 http2,
    Lifetime lifetime,
    Limits limits,
    AutoSni sni,
    Duration tunnelTimeout) {

  /// What goes for a cluster that says nothing about HTTP.
  public static final UpstreamHttpConfig DEFAULT =
      new UpstreamHttpConfig(
          Choice.HTTP1,
          new Http1(false, false, false, false),
          new Http2(4096, 1024, 16 * 1024 * 1024, 24 * 1024 * 1024, 1, Keepalive.NONE),
          new Lifetime(Duration.ofHours(1), Duration.ZERO, 0, Duration.ZERO),
          new Limits(60 * 1024, 100),
          new AutoSni(false, "", false),
          Duration.ZERO);

  /// The same with another timeout for tunnels.
  UpstreamHttpConfig withTunnelTimeout(Duration timeout) {
    return new UpstreamHttpConfig(choice, http1, http2, lifetime, limits, sni, timeout);
  }

  /// Which protocol is spoken.
  public enum Choice {
    HTTP1,
    HTTP2,
    /// What the host chooses by ALPN (`auto_config`).
    ALPN,
    /// What the client speaks (`use_downstream_protocol_config`).
    DOWNSTREAM
  }

  /// `config.core.v3.Http1ProtocolOptions`.
  ///
  /// @param trailers whether trailers are passed on
  /// @param chunkedLength whether a response may have `content-length` beside `chunked`
  /// @param fullUrl whether requests carry the whole URL
  /// @param properCase whether header names are written as `Content-Length`
  public record Http1(
      boolean trailers, boolean chunkedLength, boolean fullUrl, boolean properCase) {}

  /// `config.core.v3.Http2ProtocolOptions`.
  ///
  /// @param tableSize of HPACK, in bytes
  /// @param maxStreams at once on a connection
  /// @param streamWindow initial, in bytes
  /// @param connectionWindow in bytes
  /// @param emptyFrames how many frames in a row may be empty; 0 for any number
  public record Http2(
      long tableSize,
      long maxStreams,
      int streamWindow,
      int connectionWindow,
      int emptyFrames,
      Keepalive keepalive) {}

  /// `config.core.v3.KeepaliveSettings`.
  ///
  /// @param interval between PINGs; zero for none
  /// @param timeout of an answer
  /// @param jitter lengthens the interval by up to that many percent, 0–100
  /// @param afterIdle sends a PING before a request on a connection that was idle for so long; zero
  ///   for never
  public record Keepalive(Duration interval, Duration timeout, double jitter, Duration afterIdle) {
    /// No PINGs.
    public static final Keepalive NONE =
        new Keepalive(Duration.ZERO, Duration.ZERO, 0, Duration.ZERO);
  }

  /// How long a connection is used.
  ///
  /// @param idle without a request; zero for ever
  /// @param max from the connect on, until it takes no more requests; zero for ever
  /// @param maxRequests after which it takes no more; 0 for any number
  /// @param maxStream of one request; zero for ever
  public record Lifetime(Duration idle, Duration max, long maxRequests, Duration maxStream) {}

  /// How large the head of a response may be.
  public record Limits(int headerBytes, int headerCount) {}

  /// `config.core.v3.UpstreamHttpProtocolOptions`.
  ///
  /// @param enabled whether the SNI is the request's host
  /// @param header where it is found; empty for the host
  /// @param validate whether the certificate must be for it
  public record AutoSni(boolean enabled, String header, boolean validate) {}
}
