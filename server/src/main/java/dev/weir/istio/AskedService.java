package dev.weir.istio;

import dev.weir.config.MetadataValue;
import dev.weir.telemetry.ClusterFacts;
import dev.weir.telemetry.ConnectionRecord;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which service a connection or request was for.
///
/// @param host its host name; empty if it is not known
/// @param name its short name; empty if it is not known
record AskedService(String host, String name) {
  /// Clusters of istiod's that stand for no service, and are named themselves.
  private static final Set<String> NO_SERVICE =
      Set.of(
          "BlackHoleCluster",
          "PassthroughCluster",
          "InboundPassthroughCluster",
          "InboundPassthroughClusterIpv4",
          "InboundPassthroughClusterIpv6");

  /// @param hostFallback whether a request's host stands in
  static AskedService of(ConnectionRecord record, boolean hostFallback) {
    var cluster = record.upstream().cluster();
    var fields = cluster == null ? null : first(cluster);
    var http = record.http();
    var asked = hostFallback && http != null ? http.requestHeader(":authority") : null;
    var host = asked == null ? "" : asked;
    if (cluster != null && NO_SERVICE.contains(cluster.name())) {
      return new AskedService(host, cluster.name());
    }
    if (fields == null) {
      return new AskedService(host, host);
    }
    var told = text(fields, "host", host);
    int dot = told.indexOf('.');
    return new AskedService(told, text(fields, "name", dot < 0 ? told : told.substring(0, dot)));
  }

  /// What istiod says of the first service behind a cluster.
  private static @Nullable Map<String, MetadataValue> first(ClusterFacts cluster) {
    return cluster.metadata().in("istio").get("services") instanceof MetadataValue.Items(var items)
            && !items.isEmpty()
            && items.getFirst() instanceof MetadataValue.Fields(var fields)
        ? fields
        : null;
  }

  private static String text(Map<String, MetadataValue> fields, String key, String otherwise) {
    return fields.get(key) instanceof MetadataValue.Text(var value) ? value : otherwise;
  }
}
