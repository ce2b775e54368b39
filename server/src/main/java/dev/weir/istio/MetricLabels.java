package dev.weir.istio;

import dev.weir.config.IstioStatsConfig;
import dev.weir.config.IstioStatsConfig.Change;
import dev.weir.config.ListenerConfig.TrafficDirection;
import dev.weir.config.LogLayout;
import dev.weir.config.LogOperator;
import dev.weir.config.LogTemplate;
import dev.weir.config.Metadata;
import dev.weir.config.MetadataValue;
import dev.weir.config.Workload;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.FilledTemplate;
import dev.weir.telemetry.HttpExchange;
import dev.weir.telemetry.Label;
import dev.weir.telemetry.UpstreamRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds the values of Istio's labels. Immutable; any worker, for its own records.
///
/// The other side is known from what istiod says of endpoints; metadata is not exchanged. A client
/// of the gateway is `unknown` therefore, unless TLS tells its name.
final class MetricLabels {
  private static final String NAMESPACE = "istio";
  private static final FilledTemplate FLAGS = fact(LogOperator.RESPONSE_FLAGS);

  private final Workload local;
  private final boolean serverGateway;
  private final boolean hostFallback;

  MetricLabels(Workload local, IstioStatsConfig config) {
    this.local = local;
    this.serverGateway = config.serverGateway();
    this.hostFallback = config.hostFallback();
  }

  private static FilledTemplate fact(LogOperator operator) {
    return FilledTemplate.body(new LogLayout.Text(LogTemplate.of(operator), false));
  }

  /// Whose TLS names are the source's, and whose the destination's.
  private enum Principals {
    UPSTREAM(LogOperator.UPSTREAM_LOCAL_URI_SAN, LogOperator.UPSTREAM_PEER_URI_SAN),
    DOWNSTREAM(LogOperator.DOWNSTREAM_PEER_URI_SAN, LogOperator.DOWNSTREAM_LOCAL_URI_SAN);

    private final FilledTemplate source;
    private final FilledTemplate destination;

    Principals(LogOperator source, LogOperator destination) {
      this.source = fact(source);
      this.destination = fact(destination);
    }
  }

  /// All labels, in the order in which Istio's proxy writes them.
  List<Label> of(ConnectionRecord record) {
    boolean destination = isDestination(record);
    var peer = peer(record.upstream());
    var principals = destination ? Principals.DOWNSTREAM : Principals.UPSTREAM;
    var labels = new ArrayList<Label>(26);
    add(labels, "reporter", destination ? "destination" : "source");
    source(labels, destination ? Workload.NONE : local, known(principals.source.fill(record)));
    var other = destination ? local : peer;
    destination(labels, other, known(principals.destination.fill(record)));
    service(labels, other, record);
    var http = record.http();
    add(labels, "request_protocol", http == null ? "tcp" : http.grpcStatus() < 0 ? "http" : "grpc");
    if (http != null) {
      add(labels, "response_code", Integer.toString(http.responseCode()));
      add(labels, "grpc_response_status", http.grpcStatus() < 0 ? "" : grpcStatus(http));
    }
    add(labels, "response_flags", FLAGS.fill(record));
    add(labels, "connection_security_policy", policy(destination, principals, record));
    return labels;
  }

  private static String grpcStatus(HttpExchange http) {
    return Integer.toString(http.grpcStatus());
  }

  private boolean isDestination(ConnectionRecord record) {
    var listener = record.listener();
    return serverGateway || (listener != null && listener.direction() == TrafficDirection.INBOUND);
  }

  private static String policy(boolean destination, Principals from, ConnectionRecord record) {
    if (!destination) {
      return Workload.UNKNOWN; // the destination knows better
    }
    return known(from.source.fill(record)).equals(Workload.UNKNOWN) ? "none" : "mutual_tls";
  }

  /// Whom istiod says that an endpoint belongs to.
  private static Workload peer(UpstreamRecord upstream) {
    var host = upstream.host();
    return host != null
            && host.metadata().in(NAMESPACE).get("workload") instanceof MetadataValue.Text text
        ? Workload.parse(text.value())
        : Workload.NONE;
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

  private void service(List<Label> labels, Workload destination, ConnectionRecord record) {
    var service = Service.of(record, hostFallback);
    add(labels, "destination_service", service.host);
    add(labels, "destination_canonical_service", destination.service().name());
    add(labels, "destination_canonical_revision", destination.service().revision());
    add(labels, "destination_service_name", service.name);
    add(labels, "destination_service_namespace", service.namespace);
    add(labels, "destination_cluster", destination.cluster());
  }

  /// Which service was asked for.
  private record Service(String host, String name, String namespace) {
    private static final Service NONE =
        new Service(Workload.UNKNOWN, Workload.UNKNOWN, Workload.UNKNOWN);

    static Service of(ConnectionRecord record, boolean hostFallback) {
      var cluster = record.upstream().cluster();
      if (cluster == null) {
        return NONE;
      }
      var fields = first(cluster.metadata());
      if (fields != null) {
        return new Service(text(fields, "host"), text(fields, "name"), text(fields, "namespace"));
      }
      var http = record.http();
      var host = http == null || !hostFallback ? null : http.requestHeader(":authority");
      return new Service(host == null ? Workload.UNKNOWN : host, cluster.name(), NONE.namespace);
    }

    /// What istiod says of the first service behind a cluster.
    private static @Nullable Map<String, MetadataValue> first(Metadata metadata) {
      return metadata.in(NAMESPACE).get("services") instanceof MetadataValue.Items(var items)
              && !items.isEmpty()
              && items.getFirst() instanceof MetadataValue.Fields(var fields)
          ? fields
          : null;
    }

    private static String text(Map<String, MetadataValue> fields, String key) {
      return fields.get(key) instanceof MetadataValue.Text(var value) ? value : Workload.UNKNOWN;
    }
  }

  private static String known(String fact) {
    return fact.isEmpty() || fact.equals("-") ? Workload.UNKNOWN : fact;
  }

  private static void add(List<Label> labels, String name, String value) {
    labels.add(new Label(name, value));
  }

  /// Labels with a user's changes.
  static List<Label> changed(List<Label> labels, Change change) {
    var result = new ArrayList<Label>(labels.size() + change.labels().size());
    for (var label : labels) {
      if (!change.removed().contains(label.name()) && !change.labels().containsKey(label.name())) {
        result.add(label);
      }
    }
    change.labels().forEach((name, value) -> add(result, name, value));
    return result;
  }
}
