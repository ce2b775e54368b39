package dev.weir.config;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A checked `config.listener.v3.Listener`.
///
/// The parts are cut by what a change of them does to a running listener: new sockets ([Bind]), new
/// listener filters ([Inspection]), other chains ([Chains]), or only what is counted and logged
/// ([Report]).
///
/// @param buffers what may wait to be written to a client
public record ListenerConfig(
    String name,
    Bind bind,
    Inspection inspection,
    Chains chains,
    Report report,
    Buffers buffers,
    ListenerLimits limits) {

  /// What may wait to be written to a client.
  ///
  /// @param limit `per_connection_buffer_limit_bytes`, in bytes; 1 MiB unless said otherwise
  /// @param highWatermarkTimeout how long more than that may wait before the connection is closed;
  ///   zero for as long as it takes
  public record Buffers(int limit, Duration highWatermarkTimeout) {}

  /// A listener without limits.
  public ListenerConfig(
      String name,
      Bind bind,
      Inspection inspection,
      Chains chains,
      Report report,
      int bufferLimit) {
    this(
        name,
        bind,
        inspection,
        chains,
        report,
        new Buffers(bufferLimit, Duration.ZERO),
        ListenerLimits.NONE);
  }

  /// How many bytes may wait to be written to a client.
  public int bufferLimit() {
    return buffers.limit;
  }

  /// The same with other filter chains.
  public ListenerConfig with(Chains others) {
    return new ListenerConfig(name, bind, inspection, others, report, buffers, limits);
  }

  /// Why this listener cannot listen beside the others; empty if it can.
  public Optional<String> conflictWith(Collection<ListenerConfig> others) {
    return bind.addresses().stream()
        .filter(address -> others.stream().anyMatch(other -> other.bind.claims(address)))
        .findFirst()
        .map(address ->
            ("error adding listener: '%s' has duplicate address '%s' as existing listener, to"
                    + " check if the listener has duplicated addresses with other listeners or"
                    + " 'enable_reuse_port' is set to 'false' for the listener")
                .formatted(name, address));
  }

  /// What decides about sockets. A change opens new ones before the old ones close.
  ///
  /// @param sockets the address, then the additional ones; all have to bind
  /// @param bindToPort false for a listener that only gets connections handed over
  /// @param reusePort one socket per worker (SO_REUSEPORT); may not change in an update
  /// @param backlog length of the accept queue; 0 takes the system's maximum
  /// @param accepting how connections are taken from the sockets
  public record Bind(
      List<ListenAddress> sockets,
      boolean bindToPort,
      boolean reusePort,
      int backlog,
      Accepting accepting) {

    /// Sockets from which connections are taken as usual.
    public Bind(List<ListenAddress> sockets, boolean bindToPort, boolean reusePort, int backlog) {
      this(sockets, bindToPort, reusePort, backlog, Accepting.USUAL);
    }

    /// Where it listens, without the options.
    public List<Address> addresses() {
      return sockets.stream().map(ListenAddress::address).toList();
    }

    private boolean claims(Address address) {
      boolean anyPort = address instanceof Address.Socket socket && socket.port() == 0;
      return bindToPort && !anyPort && addresses().contains(address);
    }
  }

  /// How connections are taken from sockets.
  ///
  /// @param perEvent `max_connections_to_accept_per_socket_event`; 0 for no limit
  /// @param balanced `exact_balance`: each goes to the worker that has the fewest of this listener
  /// @param handsOff `use_original_dst`: one that was redirected here goes on to the listener of
  ///   its destination, if there is one
  public record Accepting(int perEvent, boolean balanced, boolean handsOff) {
    /// What is done where nothing else is said.
    public static final Accepting USUAL = new Accepting(0, false, false);
  }

  /// One listening socket.
  ///
  /// @param mptcp whether it speaks Multipath TCP too
  /// @param socket `transparent`, `freebind`, `tcp_fast_open_queue_length` and `ipv4_compat` are
  ///   among its options
  public record ListenAddress(Address address, SocketConfig socket, boolean mptcp) {
    /// A socket that speaks plain TCP, or a Unix socket.
    public ListenAddress(Address address, SocketConfig socket) {
      this(address, socket, false);
    }
  }

  /// What happens between accept and the choice of a filter chain.
  ///
  /// @param timeout for all listener filters together; zero waits for ever
  /// @param continueOnTimeout go on with what is known then, instead of closing
  public record Inspection(
      List<ListenerFilterConfig> filters, Duration timeout, boolean continueOnTimeout) {}

  /// The filter chains, and the one for connections that match none.
  ///
  /// @param matcher finds the name of a connection's chain, instead of what the chains ask for
  ///   themselves; null if they do
  public record Chains(
      List<FilterChainConfig> chains,
      @Nullable FilterChainConfig defaultChain,
      @Nullable MatcherConfig<String> matcher) {

    /// Chains that say themselves whom they serve.
    public Chains(List<FilterChainConfig> chains, @Nullable FilterChainConfig defaultChain) {
      this(chains, defaultChain, null);
    }
  }

  /// What has no part in moving bytes.
  ///
  /// @param statPrefix empty for the address
  /// @param ignoreGlobalLimit `ignore_global_conn_limit`
  public record Report(
      String statPrefix,
      TrafficDirection direction,
      DrainType drainType,
      boolean ignoreGlobalLimit,
      AccessLogs accessLogs) {}

  /// `config.core.v3.TrafficDirection`.
  public enum TrafficDirection {
    UNSPECIFIED,
    INBOUND,
    OUTBOUND
  }

  /// `Listener.DrainType`.
  public enum DrainType {
    DEFAULT,
    MODIFY_ONLY
  }
}
