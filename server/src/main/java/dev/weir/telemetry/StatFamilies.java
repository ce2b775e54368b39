package dev.weir.telemetry;

/// Envoy's names, by the kind of thing that has them.
public final class StatFamilies {
  private StatFamilies() {}

  /// `tcp.<stat_prefix>`.
  public static final StatFamily TCP_PROXY =
      StatFamily.counters(
              "downstream_cx_drain_close",
              "downstream_cx_no_route",
              "downstream_cx_overload_close",
              "downstream_cx_rx_bytes_total",
              "downstream_cx_total",
              "downstream_cx_tx_bytes_total",
              "downstream_flow_control_paused_reading_total",
              "downstream_flow_control_resumed_reading_total",
              "early_data_received_count_total",
              "idle_timeout",
              "max_downstream_connection_duration",
              "route_delayed_total",
              "upstream_flush_total")
          .andGauges(
              "downstream_cx_rx_bytes_buffered",
              "downstream_cx_tx_bytes_buffered",
              "upstream_flush_active");

  /// `listener.<address>`.
  public static final StatFamily LISTENER =
      StatFamily.counters(
              "downstream_cx_destroy",
              "downstream_cx_overflow",
              "downstream_cx_overload_reject",
              "downstream_cx_total",
              "downstream_cx_transport_socket_connect_timeout",
              "downstream_global_cx_overflow",
              "downstream_listener_filter_error",
              "downstream_listener_filter_remote_close",
              "downstream_pre_cx_timeout",
              "extension_config_missing",
              "network_extension_config_missing",
              "no_filter_chain_match")
          .andGauges("downstream_cx_active", "downstream_pre_cx_active")
          .andHistograms("connections_accepted_per_socket_event", "downstream_cx_length_ms");

  /// `listener.<address>.worker_<n>`.
  public static final StatFamily LISTENER_WORKER =
      StatFamily.counters("downstream_cx_total").andGauges("downstream_cx_active");

  /// `listener_manager`.
  public static final StatFamily LISTENER_MANAGER =
      StatFamily.counters(
              "listener_added",
              "listener_create_failure",
              "listener_create_success",
              "listener_in_place_updated",
              "listener_modified",
              "listener_removed",
              "listener_stopped")
          .andGauges(
              "total_filter_chains_draining",
              "total_listeners_active",
              "total_listeners_draining",
              "total_listeners_warming",
              "workers_pinned",
              "workers_started");

  /// `ssl` of a listener or cluster that speaks TLS.
  public static final StatFamily SSL =
      StatFamily.counters(
          "connection_error",
          "fail_verify_cert_hash",
          "fail_verify_error",
          "fail_verify_no_cert",
          "fail_verify_san",
          "handshake",
          "no_certificate",
          "ocsp_staple_failed",
          "ocsp_staple_omitted",
          "ocsp_staple_requests",
          "ocsp_staple_responses",
          "session_reused");

  /// `server_ssl_socket_factory` of a listener, `client_ssl_socket_factory` of a cluster.
  public static final StatFamily SSL_SOCKET_FACTORY =
      StatFamily.counters(
          "downstream_context_secrets_not_ready",
          "ssl_context_update_by_sds",
          "upstream_context_secrets_not_ready");

  /// `dns.cares`.
  public static final StatFamily DNS =
      StatFamily.counters("get_addr_failure", "not_found", "reinits", "resolve_total", "timeouts")
          .andGauges("pending_resolutions");

  /// `dns_cache.<name>`.
  public static final StatFamily DNS_CACHE =
      StatFamily.counters(
              "cache_load",
              "dns_address_filter_out",
              "dns_query_attempt",
              "dns_query_failure",
              "dns_query_success",
              "dns_query_timeout",
              "dns_rq_pending_overflow",
              "host_added",
              "host_address_changed",
              "host_overflow",
              "host_removed")
          .andGauges(
              "circuit_breakers.rq_pending_open",
              "circuit_breakers.rq_pending_remaining",
              "num_hosts");

  /// `cluster_manager`.
  public static final StatFamily CLUSTER_MANAGER =
      StatFamily.counters(
              "cluster_added",
              "cluster_modified",
              "cluster_removed",
              "cluster_updated",
              "cluster_updated_via_merge",
              "update_merge_cancelled",
              "update_out_of_merge_window")
          .andGauges("active_clusters", "warming_clusters");

  /// `cluster_manager.cds`, `listener_manager.lds`, `cluster.<name>` of an EDS cluster,
  /// `sds.<name>`: a subscription.
  public static final StatFamily SUBSCRIPTION =
      StatFamily.counters(
              "config_reload",
              "init_fetch_timeout",
              "update_attempt",
              "update_failure",
              "update_rejected",
              "update_success")
          .andGauges("config_reload_time_ms", "update_time", "version")
          .andHistograms("update_duration")
          .andTexts("version_text");

  /// `extension_config_discovery.<kind>.<name>`.
  public static final StatFamily EXTENSION_CONFIG =
      StatFamily.counters(
              "config_conflict",
              "config_fail",
              "config_reload",
              "init_fetch_timeout",
              "update_attempt",
              "update_failure",
              "update_rejected",
              "update_success")
          .andGauges("update_time", "version")
          .andHistograms("update_duration")
          .andTexts("version_text");

  /// `control_plane`.
  public static final StatFamily CONTROL_PLANE =
      StatFamily.counters("rate_limit_enforced")
          .andGauges("connected_state", "pending_requests")
          .andTexts("identifier");

  /// `server`.
  public static final StatFamily SERVER =
      StatFamily.counters(
              "debug_assertion_failures",
              "dropped_stat_flushes",
              "dynamic_unknown_fields",
              "envoy_bug_failures",
              "envoy_notifications",
              "main_thread.watchdog_mega_miss",
              "main_thread.watchdog_miss",
              "static_unknown_fields",
              "wip_protos")
          .andGauges(
              "compilation_settings.fips_mode",
              "concurrency",
              "days_until_first_cert_expiring",
              "hot_restart_epoch",
              "hot_restart_generation",
              "live",
              "memory_allocated",
              "memory_heap_size",
              "memory_physical_size",
              "parent_connections",
              "seconds_until_first_ocsp_response_expiring",
              "state",
              "stats_recent_lookups",
              "total_connections",
              "uptime",
              "version")
          .andHistograms("initialization_time_ms");

  /// `runtime`.
  public static final StatFamily RUNTIME =
      StatFamily.counters(
              "deprecated_feature_use",
              "load_error",
              "load_success",
              "override_dir_exists",
              "override_dir_not_exists")
          .andGauges(
              "admin_overrides_active",
              "deprecated_feature_seen_since_process_start",
              "num_keys",
              "num_layers");

  /// `filesystem`; `write_dropped` is our own, for lines that found their file's queue full.
  public static final StatFamily FILESYSTEM =
      StatFamily.counters(
              "flushed_by_timer",
              "reopen_failed",
              "write_buffered",
              "write_completed",
              "write_dropped",
              "write_failed")
          .andGauges("write_total_buffered");

  /// `access_logs.grpc_access_log`.
  public static final StatFamily GRPC_ACCESS_LOG =
      StatFamily.counters(
          "grpc_entries_flush_failed", "grpc_entries_flushed", "logs_dropped", "logs_written");

  /// `tls_inspector`.
  public static final StatFamily TLS_INSPECTOR =
      StatFamily.counters(
              "alpn_found",
              "alpn_not_found",
              "client_hello_too_large",
              "sni_found",
              "sni_not_found",
              "tls_found",
              "tls_not_found")
          .andHistograms("bytes_processed");

  /// `http_inspector`.
  public static final StatFamily HTTP_INSPECTOR =
      StatFamily.counters(
          "http10_found", "http11_found", "http2_found", "http_not_found", "read_error");

  /// `proxy_proto` and `proxy_proto.<stat_prefix>`.
  public static final StatFamily PROXY_PROTOCOL =
      StatFamily.counters(
          "not_found_allowed",
          "not_found_disallowed",
          "versions.v1.disallowed",
          "versions.v1.error",
          "versions.v1.found",
          "versions.v2.disallowed",
          "versions.v2.error",
          "versions.v2.found");

  /// What all PROXY protocol filters count together, without a prefix.
  public static final StatFamily PROXY_PROTOCOL_ERRORS =
      StatFamily.counters("downstream_cx_proxy_proto_error");

  /// `local_rate_limit.<stat_prefix>` of a filter chain, `listener_local_ratelimit.<stat_prefix>`
  /// of a listener.
  public static final StatFamily LOCAL_RATE_LIMIT = StatFamily.counters("rate_limited");

  /// `<stat_prefix>.http_local_rate_limit`.
  public static final StatFamily HTTP_LOCAL_RATE_LIMIT =
      StatFamily.counters("enabled", "enforced", "ok", "rate_limited", "shadow_mode");

  /// `connection_limit.<stat_prefix>`.
  public static final StatFamily CONNECTION_LIMIT =
      StatFamily.counters("limited_connections").andGauges("active_connections");

  /// `overload.<monitor>`.
  public static final StatFamily RESOURCE_MONITOR =
      StatFamily.counters("failed_updates").andGauges("pressure");

  /// `<stat_prefix>rbac.`; those of shadow rules may have a prefix of their own.
  public static final StatFamily RBAC = StatFamily.counters("allowed", "denied");

  /// `ext_authz.<stat_prefix>`.
  public static final StatFamily EXT_AUTHZ =
      StatFamily.counters(
              "cx_closed", "denied", "disabled", "error", "failure_mode_allowed", "ok", "total")
          .andGauges("active");

  /// `ratelimit.<stat_prefix>`.
  public static final StatFamily RATE_LIMIT =
      StatFamily.counters("cx_closed", "error", "failure_mode_allowed", "ok", "over_limit", "total")
          .andGauges("active");
}
