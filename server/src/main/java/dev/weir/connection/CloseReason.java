package dev.weir.connection;

import org.jspecify.annotations.Nullable;

/// Why a connection ends.
///
/// @param localReason what `%DOWNSTREAM_LOCAL_CLOSE_REASON%` prints, in Envoy's words; null if the
///   end came from a peer
public record CloseReason(@Nullable String localReason) {

  /// The client closed or reset it, or the upstream did and all is delivered.
  public static final CloseReason PEER = new CloseReason(null);

  /// No byte for the idle timeout.
  public static final CloseReason IDLE = new CloseReason("tcp_session_idle_timeout");

  /// It has lived as long as it may.
  public static final CloseReason MAX_DURATION = new CloseReason("max_connection_duration_reached");

  /// Its transport was not ready in time.
  public static final CloseReason HANDSHAKE_TIMEOUT = new CloseReason("transport_socket_timeout");

  /// Its chain has no filter.
  public static final CloseReason NO_FILTERS = new CloseReason("no_filters");

  /// The chain's `connection_limit` is reached.
  public static final CloseReason OVER_LIMIT = new CloseReason("over_connection_limit");

  /// Connections come faster than the chain's `local_ratelimit` lets them.
  public static final CloseReason RATE_LIMITED =
      new CloseReason("local_ratelimit_close_over_limit");

  /// The chain's `ext_authz` does not let it in.
  public static final CloseReason EXT_AUTHZ = new CloseReason("ext_authz_close");

  /// The service of the chain's `ratelimit` says that there are too many.
  public static final CloseReason TOO_MANY = new CloseReason("ratelimit_close_over_limit");

  /// The service of the chain's `ratelimit` could not be asked.
  public static final CloseReason RATE_LIMIT_ERROR =
      new CloseReason("ratelimit_error_failure_mode_connection_close");

  /// More has waited for the client for too long than its buffer is to hold.
  public static final CloseReason BUFFER_TIMEOUT =
      new CloseReason("buffer_high_watermark_timeout_reached");

  /// A byte moved while it was to be drained (`check_drain_close`).
  public static final CloseReason DRAIN = new CloseReason("tcp_proxy_drain_close");

  /// Not Envoy's: an operator has asked for it.
  public static final CloseReason DRAINED = new CloseReason("drained_by_operator");

  /// The chain's `rbac` does not let it in.
  public static final CloseReason RBAC_DENIED = new CloseReason("rbac_deny_close");

  /// The filter chain that admitted it is gone, and the drain time is over.
  public static final CloseReason CHAIN_REMOVED = new CloseReason("filter_chain_is_being_removed");

  /// Its listener is gone and the drain time over, or the server stops.
  public static final CloseReason LISTENER_REMOVED =
      new CloseReason("purging_socket_that_have_not_progressed_to_connections");
}
