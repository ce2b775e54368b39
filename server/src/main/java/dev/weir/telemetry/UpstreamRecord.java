package dev.weir.telemetry;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is said of a connection's upstream side. The connection's worker only.
public final class UpstreamRecord {
  @Nullable String cluster;
  @Nullable String clusterStatName;
  @Nullable HostTried host;
  List<HostTried> earlierHosts = List.of();
  @Nullable SocketAddress localAddress;
  @Nullable SocketAddress remoteAddress;
  @Nullable String serverName;
  @Nullable String transportFailure;
  @Nullable String localCloseReason;
  @Nullable CloseType closeType;
  @Nullable LogFacts tls;
  @Nullable LogFacts hostFacts;
  long connectionId;
  int attempts;
  long bytesSent;
  long bytesReceived;
  long headerBytesSent;
  long headerBytesReceived;
  long connectBeginNanos = ConnectionRecord.UNSET;
  long connectEndNanos = ConnectionRecord.UNSET;
  long poolReadyNanos = ConnectionRecord.UNSET;

  UpstreamRecord() {}

  /// A host that was tried.
  ///
  /// @param name its host name if it has one, else its address as text
  /// @param connectionId the connection that was begun for it
  record HostTried(SocketAddress address, String name, long connectionId) {}

  /// The cluster was found.
  ///
  /// @param name its name, what `%UPSTREAM_CLUSTER_RAW%` prints
  /// @param statName its `alt_stat_name`, or else its name; what `%UPSTREAM_CLUSTER%` prints
  public void cluster(String name, String statName) {
    cluster = name;
    clusterStatName = statName;
  }

  /// A host was picked and a connection to it begun, which counts as an attempt.
  ///
  /// @param name its host name if it has one, else its address as text
  /// @param attemptId the id of the connection that is being made
  /// @param nanos when
  public void attempt(SocketAddress address, String name, long attemptId, long nanos) {
    var earlier = host;
    if (earlier != null) {
      if (earlierHosts.isEmpty()) {
        earlierHosts = new ArrayList<>(2);
      }
      earlierHosts.add(earlier);
    }
    host = new HostTried(address, name, attemptId);
    attempts++;
    connectBeginNanos = nanos;
  }

  /// An attempt ended before a host was picked, and counts nevertheless.
  public void attemptWithoutHost() {
    attempts++;
  }

  /// The present attempt ended, well or badly; what `%UPSTREAM_CONNECTION_POOL_READY_DURATION%`
  /// measures.
  ///
  /// @param nanos when
  public void attemptEnded(long nanos) {
    poolReadyNanos = nanos;
  }

  /// The present attempt stands.
  ///
  /// @param nanos when
  public void connected(SocketAddress local, SocketAddress remote, long nanos) {
    localAddress = local;
    remoteAddress = remote;
    var tried = host;
    connectionId = tried == null ? 0 : tried.connectionId();
    connectEndNanos = nanos;
    poolReadyNanos = nanos;
  }

  /// Why the transport failed, in Envoy's words: `delayed_connect_error:_Connection_refused`.
  public void transportFailure(String reason) {
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

  /// What TLS found out.
  public void tls(LogFacts facts) {
    tls = facts;
  }

  /// What configuration says of the host: its metadata.
  public void hostFacts(LogFacts facts) {
    hostFacts = facts;
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
