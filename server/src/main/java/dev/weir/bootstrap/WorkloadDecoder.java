package dev.weir.bootstrap;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weir.config.Workload;
import io.envoyproxy.envoy.config.core.v3.Node;

/// Reads who this gateway is from what Istio's agent writes into the node's metadata.
final class WorkloadDecoder {
  private WorkloadDecoder() {}

  static Workload workload(Node wire) {
    var metadata = wire.getMetadata();
    var labels = metadata.getFieldsOrDefault("LABELS", Value.getDefaultInstance()).getStructValue();
    return new Workload(
        text(metadata, "WORKLOAD_NAME"),
        text(metadata, "NAMESPACE"),
        text(metadata, "CLUSTER_ID"),
        new Workload.Service(
            text(labels, "service.istio.io/canonical-name"),
            text(labels, "service.istio.io/canonical-revision"),
            text(labels, "app"),
            text(labels, "version")),
        text(metadata, "ISTIO_VERSION"));
  }

  private static String text(Struct fields, String key) {
    return fields.getFieldsOrDefault(key, Value.getDefaultInstance()).getStringValue();
  }
}
