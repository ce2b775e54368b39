package dev.weir.connection.filter;

import dev.weir.config.GrpcServiceConfig;
import dev.weir.config.MetadataValue;
import dev.weir.upstream.Clusters;
import dev.weir.upstream.call.GrpcMethod;
import java.util.HashMap;
import java.util.Map;

/// The services that decide about connections and requests, and what they are told of this gateway.
/// Immutable; any thread.
///
/// @param clusters that they are behind
/// @param self the address by which this gateway tells of itself
/// @param node the metadata of its node
public record DecisionServices(Clusters clusters, String self, Map<String, MetadataValue> node) {

  /// A method of a service.
  public GrpcMethod method(GrpcServiceConfig service, String name) {
    return new GrpcMethod(clusters, service, name, self);
  }

  /// The texts below a key of the node's metadata; empty for what is no text.
  public Map<String, String> labels(String key) {
    var labels = new HashMap<String, String>();
    if (node.get(key) instanceof MetadataValue.Fields(var fields)) {
      fields.forEach((name, value) ->
          labels.put(name, value instanceof MetadataValue.Text(var text) ? text : ""));
    }
    return labels;
  }
}
