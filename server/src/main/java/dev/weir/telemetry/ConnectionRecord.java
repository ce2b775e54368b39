package dev.weir.telemetry;

import dev.weir.config.AccessLogType;
import dev.weir.config.MetadataValue;
import dev.weir.config.StateValue;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// All that is said of one downstream connection, from accept to close. Its worker only.
///
/// Tens of thousands of these lie idle, so what most connections never have takes no room before it
/// is set.
public final class ConnectionRecord {
  /// No such moment yet.
  static final long UNSET = Long.MIN_VALUE;

  private static final ResponseFlag[] NO_FLAGS = {};

  final long id;
  final TimeSource clock;
  final long startMicros;
  final long startNanos;
  long endNanos = UNSET;
  long handshakeNanos = UNSET;

  @Nullable SocketAddress localAddress;
  @Nullable SocketAddress directLocalAddress;
  @Nullable SocketAddress remoteAddress;
  @Nullable SocketAddress directRemoteAddress;
  @Nullable String serverName;
  @Nullable ListenerFacts listener;
  @Nullable FilterChainFacts filterChain;
  @Nullable String transportFailure;
  @Nullable String terminationDetails;
  @Nullable String localCloseReason;
  @Nullable CloseType closeType;
  long bytesReceived;
  long bytesSent;

  @Nullable UpstreamRecord upstream;
  @Nullable LogFacts tls;
  @Nullable String codeDetails;
  @Nullable String ja3;
  @Nullable String ja4;
  @Nullable HttpExchange http;
  @Nullable Map<String, Map<String, MetadataValue>> metadata;
  @Nullable Map<String, StateValue> filterState;
  @Nullable String streamId;

  private @Nullable ConnectionRecord connection;
  private @Nullable Runnable atEnd;
  private ResponseFlag[] flags = NO_FLAGS;
  private AccessLogGroup listenerLogs = AccessLogGroup.NONE;
  private AccessLogGroup filterLogs = AccessLogGroup.NONE;

  /// Opens the record of a connection that was accepted just now.
  ///
  /// @param id unique in this process
  public ConnectionRecord(long id, TimeSource clock) {
    this.id = id;
    this.clock = clock;
    this.startMicros = clock.epochMicros();
    this.startNanos = clock.nanos();
  }

  /// Opens the record of a request on a connection, begun just now: it knows what is known of the
  /// connection, and has times, bytes, flags, an upstream and metadata of its own.
  public ConnectionRecord(ConnectionRecord connection) {
    this(connection.id, connection.clock);
    this.connection = connection;
    this.localAddress = connection.localAddress;
    this.directLocalAddress = connection.directLocalAddress;
    this.remoteAddress = connection.remoteAddress;
    this.directRemoteAddress = connection.directRemoteAddress;
    this.serverName = connection.serverName;
    this.listener = connection.listener;
    this.filterChain = connection.filterChain;
    this.tls = connection.tls;
  }

  /// The addresses of the socket itself; a PROXY header or the original destination may say others
  /// later.
  public void socket(SocketAddress local, SocketAddress remote) {
    directLocalAddress = local;
    localAddress = local;
    directRemoteAddress = remote;
    remoteAddress = remote;
  }

  /// Who the client meant to reach.
  public void localAddress(SocketAddress address) {
    localAddress = address;
  }

  /// Who the client is.
  public void remoteAddress(SocketAddress address) {
    remoteAddress = address;
  }

  /// Who the client is; null before anything is known.
  public @Nullable SocketAddress remoteAddress() {
    return remoteAddress;
  }

  /// Which listener accepted it; its logs get a line when the connection ends.
  public void listener(ListenerFacts facts, AccessLogGroup logs) {
    listener = facts;
    listenerLogs = logs;
  }

  /// Which listener accepted it; null before that is known.
  public @Nullable ListenerFacts listener() {
    return listener;
  }

  /// The HTTP request that this is about; null if it is about a connection.
  public @Nullable HttpExchange http() {
    return http;
  }

  /// Which filter chain was found for it.
  public void filterChain(FilterChainFacts facts) {
    filterChain = facts;
  }

  /// The logs of the terminal filter; they get a line when the connection ends, and at [#log].
  public void filterLogs(AccessLogGroup logs) {
    filterLogs = logs;
  }

  /// The SNI that the client sent.
  public void serverName(String name) {
    serverName = name;
  }

  /// Fingerprints of the ClientHello; null where none was asked for.
  public void fingerprints(@Nullable String ja3, @Nullable String ja4) {
    this.ja3 = ja3;
    this.ja4 = ja4;
  }

  /// What `%RESPONSE_CODE_DETAILS%` prints of a connection without HTTP.
  public void codeDetails(String details) {
    codeDetails = details;
  }

  /// What TLS found out.
  public void tls(LogFacts facts) {
    tls = facts;
  }

  /// The downstream TLS handshake is done.
  public void handshakeDone() {
    handshakeNanos = clock.nanos();
  }

  /// The HTTP request that this is about.
  public void http(HttpExchange exchange) {
    http = exchange;
  }

  /// Payload came from the client, in bytes.
  public void addReceived(long bytes) {
    bytesReceived += bytes;
  }

  /// Payload went to the client, in bytes.
  public void addSent(long bytes) {
    bytesSent += bytes;
  }

  /// Sets a flag; flags are printed in the order in which they were first set.
  public void flag(ResponseFlag flag) {
    if (!has(flag)) {
      flags = Arrays.copyOf(flags, flags.length + 1);
      flags[flags.length - 1] = flag;
    }
  }

  /// Whether this flag was set.
  public boolean has(ResponseFlag flag) {
    for (var set : flags) {
      if (set == flag) {
        return true;
      }
    }
    return false;
  }

  /// Why the downstream transport failed, in Envoy's words. Lines have underscores for its spaces.
  public void transportFailure(String reason) {
    transportFailure = reason;
  }

  /// What ended the connection from our side, such as `rbac_access_denied_matched_policy[none]`.
  public void terminationDetails(String details) {
    terminationDetails = details;
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

  /// The upstream side, which exists from the first call on.
  public UpstreamRecord upstream() {
    var present = upstream;
    if (present == null) {
      present = new UpstreamRecord(clock);
      upstream = present;
    }
    return present;
  }

  /// Adds to the dynamic metadata of a namespace; keys that are there already are replaced.
  public void addMetadata(String namespace, Map<String, MetadataValue> values) {
    var all = metadata;
    if (all == null) {
      all = new HashMap<>(2);
      metadata = all;
    }
    all.computeIfAbsent(namespace, _ -> new HashMap<>()).putAll(values);
  }

  /// The dynamic metadata of a namespace; empty if there is none.
  public Map<String, MetadataValue> metadata(String namespace) {
    return metadata == null ? Map.of() : metadata.getOrDefault(namespace, Map.of());
  }

  /// The dynamic metadata below these keys of a namespace; null if there is none.
  public @Nullable MetadataValue metadata(String namespace, List<String> path) {
    return StateFacts.find(metadata(namespace), path);
  }

  /// Sets a filter state object.
  public void filterState(String key, StateValue value) {
    var all = filterState;
    if (all == null) {
      all = new HashMap<>(2);
      filterState = all;
    }
    all.put(key, value);
  }

  /// The filter state object of this key; null if there is none.
  public @Nullable StateValue filterState(String key) {
    var own = filterState == null ? null : filterState.get(key);
    return own != null || connection == null ? own : connection.filterState(key);
  }

  /// Whether the upstream side is a host of that address, such as `10.0.0.1:80`.
  public boolean isTo(String address) {
    var host = upstream == null ? null : upstream.host;
    return host != null && AddressText.of(host.address()).equals(address);
  }

  /// Writes a line for a connection that lives: at its start, once it is connected, or from time to
  /// time.
  public void log(AccessLogType type) {
    filterLogs.log(this, type);
  }

  /// The connection has ended: stamps the end and writes the access logs. Once.
  ///
  /// @throws IllegalStateException if it was closed before, which is our own mistake
  public void close() {
    if (isClosed()) {
      throw new IllegalStateException("connection " + id + " was closed twice");
    }
    endNanos = clock.nanos();
    if (atEnd != null) {
      atEnd.run();
    }
    filterLogs.log(
        this, connection == null ? AccessLogType.TCP_CONNECTION_END : AccessLogType.DOWNSTREAM_END);
    listenerLogs.log(this, AccessLogType.NOT_SET);
  }

  /// Has this run when the record is closed, before the logs are written; after what was asked for
  /// before.
  public void atEnd(Runnable task) {
    var earlier = atEnd;
    atEnd =
        earlier == null
            ? task
            : () -> {
              earlier.run();
              task.run();
            };
  }

  /// Whether [#close] was called.
  public boolean isClosed() {
    return endNanos != UNSET;
  }

  /// The connection's id, as logs print it.
  public long id() {
    return id;
  }

  /// When it was accepted, on the clock's stopwatch.
  public long startNanos() {
    return startNanos;
  }

  /// When it was accepted or begun, in microseconds since 1970.
  public long startMicros() {
    return startMicros;
  }

  /// Payload received so far, in bytes.
  public long bytesReceived() {
    return bytesReceived;
  }

  /// Payload sent so far, in bytes.
  public long bytesSent() {
    return bytesSent;
  }

  /// The flags in the order in which they were set.
  ResponseFlag[] flags() {
    return flags;
  }

  /// Gives it a name that was made elsewhere: a request's id.
  public void streamId(String id) {
    streamId = id;
  }

  /// What logs call it: a request by the id that it has, if it has any; a connection by a name that
  /// no other has, anywhere.
  @Nullable String streamId() {
    if (http != null) {
      return http.requestHeader("x-request-id");
    }
    var present = streamId;
    if (present == null) {
      present = UUID.randomUUID().toString();
      streamId = present;
    }
    return present;
  }

  /// How long it has lived: until its end, or until now.
  public long durationNanos() {
    return (isClosed() ? endNanos : clock.nanos()) - startNanos;
  }
}
