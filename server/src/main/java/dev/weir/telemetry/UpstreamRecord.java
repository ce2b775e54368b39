package dev.weir.telemetry;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is said of a connection's upstream side. The connection's worker only.
public final class UpstreamRecord {
  @Nullable ClusterFacts cluster;
  @Nullable HostFacts host;
  List<HostFacts> earlierHosts = List.of();
  @Nullable SocketAddress localAddress;
  @Nullable SocketAddress remoteAddress;
  @Nullable String serverName;
  @Nullable String transportFailure;
  @Nullable String localCloseReason;
  @Nullable CloseType closeType;
  @Nullable LogFacts tls;
  long connectionId;
  int attempts;
  long bytesSent;
  long bytesReceived;
  long headerBytesSent;
  long headerBytesReceived;
  long attemptNanos = ConnectionRecord.UNSET;
  long connectedNanos = ConnectionRecord.UNSET;
  long handshakeNanos = ConnectionRecord.UNSET;
  long poolReadyNanos = ConnectionRecord.UNSET;
  private final TimeSource clock;

  UpstreamRecord(TimeSource clock) {
    this.clock = clock;
  }

  /// The cluster was found.
  ///
  /// @param facts null for none after all
  public void cluster(@Nullable ClusterFacts facts) {
    cluster = facts;
  }

  /// A host was picked and a connection to it is begun, which counts as an attempt.
  public void attempt(HostFacts facts) {
    var earlier = host;
    if (earlier != null) {
      if (earlierHosts.isEmpty()) {
        earlierHosts = new ArrayList<>(2);
      }
      earlierHosts.add(earlier);
    }
    host = facts;
    attempts++;
    attemptNanos = clock.nanos();
  }

  /// An attempt ended before a host was picked, and counts nevertheless.
  public void attemptWithoutHost() {
    attempts++;
  }

  /// The present attempt was given up before it stood: its host is not named.
  public void attemptCancelled() {
    host = earlierHosts.isEmpty() ? null : earlierHosts.removeLast();
  }

  /// The present attempt failed; what `%UPSTREAM_CONNECTION_POOL_READY_DURATION%` then measures.
  public void attemptFailed() {
    poolReadyNanos = clock.nanos();
  }

  /// The present attempt stands.
  ///
  /// @param id the connection's, unique in this process
  public void connected(long id, SocketAddress local, SocketAddress remote) {
    connectionId = id;
    localAddress = local;
    remoteAddress = remote;
    connectedNanos = clock.nanos();
    poolReadyNanos = connectedNanos;
  }

  /// Why the transport failed, in Envoy's words: `delayed connect error: Connection refused`. Lines
  /// have underscores for its spaces.
  public void transportFailure(@Nullable String reason) {
    transportFailure = reason;
  }

  /// Why we closed it, in Envoy's words; the first reason stays.
  public void localCloseReason(String reason) {
    if (localCloseReason == null) {
      localCloseReason = reason;
    }
  }

  /// How it was seen to close; the first sight stays.
  public void closeType(CloseType type) {
    if (closeType == null) {
      closeType = type;
    }
  }

  /// The name that was sent as SNI.
  public void serverName(String name) {
    serverName = name;
  }

  /// The TLS handshake with the upstream is done.
  public void handshakeDone() {
    handshakeNanos = clock.nanos();
  }

  /// What TLS found out.
  public void tls(LogFacts facts) {
    tls = facts;
  }

  /// Payload went to the upstream, in bytes.
  public void addSent(long bytes) {
    bytesSent += bytes;
  }

  /// Payload came from the upstream, in bytes.
  public void addReceived(long bytes) {
    bytesReceived += bytes;
  }

  /// A tunnel's headers went to the upstream, in bytes.
  public void addHeaderSent(long bytes) {
    headerBytesSent += bytes;
  }

  /// A tunnel's headers came from the upstream, in bytes.
  public void addHeaderReceived(long bytes) {
    headerBytesReceived += bytes;
  }

  /// The cluster; null before one was found.
  public @Nullable ClusterFacts cluster() {
    return cluster;
  }

  /// The host of the last attempt; null before one was picked.
  public @Nullable HostFacts host() {
    return host;
  }

  /// How many attempts were made.
  public int attempts() {
    return attempts;
  }

  /// Payload sent so far, in bytes.
  public long bytesSent() {
    return bytesSent;
  }

  /// Payload received so far, in bytes.
  public long bytesReceived() {
    return bytesReceived;
  }
}
