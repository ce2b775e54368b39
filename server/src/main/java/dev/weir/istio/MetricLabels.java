package dev.weir.istio;

import dev.weir.config.IstioStatsConfig;
import dev.weir.config.ListenerConfig.TrafficDirection;
import dev.weir.config.LogLayout;
import dev.weir.config.LogOperator;
import dev.weir.config.LogTemplate;
import dev.weir.config.MetadataValue;
import dev.weir.config.Workload;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.FilledTemplate;
import dev.weir.telemetry.HttpExchange;
import dev.weir.telemetry.Label;
import dev.weir.telemetry.UpstreamRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the values of Istio's labels. Immutable; any worker, for its own records.
///
/// The other side is known from what istiod says of endpoints; metadata is not exchanged. A client
/// of the gateway is `unknown` therefore, unless TLS tells its name.
final class MetricLabels {
  private static final String LATEST = "latest";
  private static final FilledTemplate FLAGS = fact(LogOperator.RESPONSE_FLAGS);
  private static final String NAMESPACE_OF_NAME = "/ns/";

  private final Workload local;
  private final boolean waypoint;
  private final boolean hostFallback;

  MetricLabels(Workload local, IstioStatsConfig config) {
    this.local = local;
    this.waypoint = config.serverGateway();
    this.hostFallback = config.hostFallback();
  }

  private static FilledTemplate fact(LogOperator operator) {
    return FilledTemplate.body(new LogLayout.Text(LogTemplate.of(operator), false));
  }

  /// By which of its TLS connections each side is named.
  private enum Principals {
    UPSTREAM(LogOperator.UPSTREAM_LOCAL_URI_SAN, LogOperator.UPSTREAM_PEER_URI_SAN),
    DOWNSTREAM(LogOperator.DOWNSTREAM_LOCAL_URI_SAN, LogOperator.DOWNSTREAM_PEER_URI_SAN);

    private final FilledTemplate local;
    private final FilledTemplate peer;

    Principals(LogOperator local, LogOperator peer) {
      this.local = fact(local);
      this.peer = fact(peer);
    }
  }

  /// All labels, in the order in which Istio's proxy writes them.
  List<Label> of(ConnectionRecord record) {
    boolean destination = waypoint || isInbound(record);
    var principals = destination ? Principals.DOWNSTREAM : Principals.UPSTREAM;
    var own = known(first(principals.local.fill(record)));
    var other = known(first(principals.peer.fill(record)));
    var labels = new ArrayList<Label>(28);
    add(labels, "reporter", waypoint ? "waypoint" : destination ? "destination" : "source");
    var here = destination ? local : peer(endpoint(record.upstream()), other);
    if (destination) {
      source(labels, peer(Workload.NONE, other), other);
      destination(labels, local, own);
    } else {
      source(labels, local, own);
      destination(labels, here, other);
    }
    service(labels, here, AskedService.of(record, hostFallback), destination);
    protocol(labels, record.http());
    add(labels, "response_flags", FLAGS.fill(record));
    add(labels, "connection_security_policy", policy(destination, own, other));
    return labels;
  }

  private static void protocol(List<Label> labels, @Nullable HttpExchange http) {
    if (http == null) {
      add(labels, "request_protocol", "tcp");
      return;
    }
    boolean grpc = isGrpc(http);
    add(labels, "request_protocol", grpc ? "grpc" : "http");
    add(labels, "response_code", Integer.toString(http.responseCode()));
    boolean told = grpc && http.grpcStatus() >= 0;
    add(labels, "grpc_response_status", told ? Integer.toString(http.grpcStatus()) : "");
  }

  private static boolean isGrpc(HttpExchange http) {
    var type = http.requestHeader("content-type");
    return type != null
        && type.startsWith("application/grpc")
        && (type.length() == 16 || "+;".indexOf(type.charAt(16)) >= 0);
  }

  private static boolean isInbound(ConnectionRecord record) {
    var listener = record.listener();
    return listener != null && listener.direction() == TrafficDirection.INBOUND;
  }

  private static String policy(boolean destination, String own, String other) {
    if (!destination) {
      return Workload.UNKNOWN; // the destination knows better
    }
    boolean mutual = !own.equals(Workload.UNKNOWN) && !other.equals(Workload.UNKNOWN);
    return mutual ? "mutual_tls" : "none";
  }

  /// Whom istiod says that an endpoint belongs to.
  private static Workload endpoint(UpstreamRecord upstream) {
    var host = upstream.host();
    return host != null
            && host.metadata().in("istio").get("workload") instanceof MetadataValue.Text text
        ? Workload.parse(text.value())
        : Workload.NONE;
  }

  /// The other side, with a word for each thing that is not known; its certificate tells its
  /// namespace better.
  private static Workload peer(Workload it, String principal) {
    int at = principal.indexOf(NAMESPACE_OF_NAME);
    var namespace = it.namespace();
    if (at >= 0) {
      int from = at + NAMESPACE_OF_NAME.length();
      int to = principal.indexOf('/', from);
      namespace = principal.substring(from, to < 0 ? principal.length() : to);
    }
    var service = it.service();
    return new Workload(
        known(it.name()),
        known(namespace),
        known(it.cluster()),
        new Workload.Service(
            known(service.name()),
            service.revision().isEmpty() ? LATEST : service.revision(),
            known(service.app()),
            known(service.version())),
        "");
  }

  private static void source(List<Label> labels, Workload it, String principal) {
    add(labels, "source_workload", it.name());
    add(labels, "source_canonical_service", it.service().name());
    add(labels, "source_canonical_revision", it.service().revision());
    add(labels, "source_workload_namespace", it.namespace());
    add(labels, "source_principal", principal);
    add(labels, "source_app", it.service().app());
    add(labels, "source_version", it.service().version());
    add(labels, "source_cluster", it.cluster());
  }

  private static void destination(List<Label> labels, Workload it, String principal) {
    add(labels, "destination_workload", it.name());
    add(labels, "destination_workload_namespace", it.namespace());
    add(labels, "destination_principal", principal);
    add(labels, "destination_app", it.service().app());
    add(labels, "destination_version", it.service().version());
  }

  private static void service(
      List<Label> labels, Workload target, AskedService asked, boolean destination) {
    var fallback = destination ? target.service().name() : Workload.UNKNOWN;
    add(labels, "destination_service", asked.host().isEmpty() ? fallback : asked.host());
    add(labels, "destination_canonical_service", target.service().name());
    add(labels, "destination_canonical_revision", target.service().revision());
    add(labels, "destination_service_name", asked.name().isEmpty() ? fallback : asked.name());
    add(labels, "destination_service_namespace", target.namespace());
    add(labels, "destination_cluster", target.cluster());
  }

  private static String first(String names) {
    int comma = names.indexOf(',');
    return comma < 0 ? names : names.substring(0, comma);
  }

  private static String known(String fact) {
    return fact.isEmpty() || fact.equals("-") ? Workload.UNKNOWN : fact;
  }

  private static void add(List<Label> labels, String name, String value) {
    labels.add(new Label(name, value));
  }
}
