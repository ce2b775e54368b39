package dev.weir.telemetry;

import dev.weir.config.CelValues;
import dev.weir.config.ListenerConfig.TrafficDirection;
import dev.weir.config.LogOperator;
import dev.weir.config.Metadata;
import dev.weir.telemetry.AttributeGroup.Attribute;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// `upstream.*`, and `xds.*`, which speaks of the configuration that led there.
final class UpstreamAttributes {
  static final Map<String, Attribute> ALL = all();
  static final Map<String, Attribute> XDS = xds();

  private UpstreamAttributes() {}

  private static Map<String, Attribute> all() {
    var all = new HashMap<String, Attribute>();
    all.put("address", upstream(it -> it.host == null ? null : AddressText.of(it.host.address())));
    all.put("port", upstream(it -> it.host == null ? null : Attributes.port(it.host.address())));
    all.put("local_address", upstream(it -> Attributes.address(it.localAddress)));
    all.put(
        "transport_failure_reason",
        upstream(it -> it.transportFailure == null ? "" : it.transportFailure));
    all.put(
        "request_attempt_count",
        record -> record.upstream == null ? 0L : (long) record.upstream.attempts);
    all.put("cx_pool_ready_duration", upstream(UpstreamAttributes::poolReady));
    all.put("tls_version", fact(LogOperator.UPSTREAM_TLS_VERSION));
    all.put("subject_peer_certificate", fact(LogOperator.UPSTREAM_PEER_SUBJECT));
    all.put("dns_san_local_certificate", first(LogOperator.UPSTREAM_LOCAL_DNS_SAN));
    all.put("dns_san_peer_certificate", first(LogOperator.UPSTREAM_PEER_DNS_SAN));
    all.put("uri_san_local_certificate", first(LogOperator.UPSTREAM_LOCAL_URI_SAN));
    all.put("uri_san_peer_certificate", first(LogOperator.UPSTREAM_PEER_URI_SAN));
    return Map.copyOf(all);
  }

  private static Attribute upstream(Function<UpstreamRecord, @Nullable Object> value) {
    return record -> {
      var upstream = of(record);
      return upstream == null ? null : value.apply(upstream);
    };
  }

  /// The upstream side, if somebody was to be asked; null for answers of our own.
  static @Nullable UpstreamRecord of(ConnectionRecord record) {
    var upstream = record.upstream;
    return upstream == null || upstream.cluster == null ? null : upstream;
  }

  private static @Nullable Object poolReady(UpstreamRecord upstream) {
    return upstream.poolReadyNanos == ConnectionRecord.UNSET
            || upstream.attemptNanos == ConnectionRecord.UNSET
        ? null
        : CelValues.duration(upstream.poolReadyNanos - upstream.attemptNanos);
  }

  private static Attribute fact(LogOperator operator) {
    return upstream(it -> Attributes.text(it.tls, operator, ""));
  }

  private static Attribute first(LogOperator operator) {
    return upstream(it -> Attributes.first(it.tls, operator));
  }

  private static Map<String, Attribute> xds() {
    var all = new HashMap<String, Attribute>();
    all.put("cluster_name", upstream(it -> it.cluster == null ? null : it.cluster.name()));
    all.put(
        "cluster_metadata", upstream(it -> it.cluster == null ? null : of(it.cluster.metadata())));
    all.put(
        "upstream_host_metadata", upstream(it -> it.host == null ? null : of(it.host.metadata())));
    all.put(
        "filter_chain_name", record -> record.filterChain == null ? "" : record.filterChain.name());
    all.put(
        "listener_metadata",
        record -> record.listener == null ? null : of(record.listener.metadata()));
    all.put(
        "listener_direction",
        record -> record.listener == null ? null : number(record.listener.direction()));
    all.put("route_name", route(RouteFacts::name));
    all.put("route_metadata", route(it -> of(it.metadata())));
    all.put("virtual_host_name", record -> record.http == null ? null : record.http.virtualHost());
    return Map.copyOf(all);
  }

  private static Object number(TrafficDirection direction) {
    return switch (direction) {
      case UNSPECIFIED -> 0L;
      case INBOUND -> 1L;
      case OUTBOUND -> 2L;
    };
  }

  private static Map<String, Object> of(Metadata metadata) {
    return Attributes.metadata(metadata);
  }

  private static Attribute route(Function<RouteFacts, @Nullable Object> value) {
    return record -> {
      var route = record.http == null ? null : record.http.route();
      return route == null ? null : value.apply(route);
    };
  }
}
