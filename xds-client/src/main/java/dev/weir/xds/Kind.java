package dev.weir.xds;

import com.google.rpc.Status;
import io.grpc.Status.Code;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the protocol says differently of different types. In the order in which a stream asks for
/// them: whoever is referred to comes first.
enum Kind {
  CLUSTER("envoy.config.cluster.v3.Cluster", "cluster.v3.ClusterDiscoveryService", "Clusters"),
  ENDPOINTS(
      "envoy.config.endpoint.v3.ClusterLoadAssignment",
      "endpoint.v3.EndpointDiscoveryService",
      "Endpoints"),
  LISTENER(
      "envoy.config.listener.v3.Listener", "listener.v3.ListenerDiscoveryService", "Listeners"),
  SCOPED_ROUTES(
      "envoy.config.route.v3.ScopedRouteConfiguration",
      "route.v3.ScopedRoutesDiscoveryService",
      "ScopedRoutes"),
  ROUTES("envoy.config.route.v3.RouteConfiguration", "route.v3.RouteDiscoveryService", "Routes"),
  SECRET(
      "envoy.extensions.transport_sockets.tls.v3.Secret",
      "secret.v3.SecretDiscoveryService",
      "Secrets"),
  EXTENSION(
      "envoy.config.core.v3.TypedExtensionConfig",
      "extension.v3.ExtensionConfigDiscoveryService",
      "ExtensionConfigs"),
  RUNTIME("envoy.service.runtime.v3.Runtime", "runtime.v3.RuntimeDiscoveryService", "Runtime"),
  OTHER("", "", "");

  private static final String TYPE_PREFIX = "type.googleapis.com/";

  /// What gRPC status messages are cut to.
  private static final int LONGEST_MESSAGE = 4096;

  private final String message;
  private final String service;
  private final String verb;

  Kind(String message, String service, String verb) {
    this.message = message;
    this.service = service;
    this.verb = verb;
  }

  static Kind of(String typeUrl) {
    for (var kind : values()) {
      if (typeUrl.equals(TYPE_PREFIX + kind.message)) {
        return kind;
      }
    }
    return OTHER;
  }

  /// Whether a state-of-the-world response names all that exists, so that what it leaves out is
  /// gone. Of the other types it names what it wants to.
  boolean fullState() {
    return this == CLUSTER || this == LISTENER || this == SCOPED_ROUTES;
  }

  /// Whether a new subscriber may have what is held already. A changed cluster waits for endpoints
  /// that the control plane has sent in the knowledge of the change, and takes the held ones only
  /// when it has waited for long enough.
  boolean heldIsGoodEnough() {
    return this != ENDPOINTS;
  }

  /// The method of a stream for this type alone; null where there is none.
  @Nullable String method(boolean delta) {
    return this == OTHER
        ? null
        : "envoy.service." + service + (delta ? "/Delta" : "/Stream") + verb;
  }

  /// Why a resource stands twice in one response.
  String duplicate(String name) {
    return switch (this) {
      case CLUSTER -> "duplicate cluster " + name + " found";
      case LISTENER -> "duplicate listener " + name + " found";
      case ENDPOINTS, SCOPED_ROUTES, ROUTES, SECRET, EXTENSION, RUNTIME, OTHER ->
          "duplicate name " + name + " found";
    };
  }

  /// Why a file that holds another resource than the one that is wanted is of no use.
  String unexpected(String expected, String found) {
    if (this == EXTENSION) {
      return "Unexpected resource name in ExtensionConfigDS response: " + found;
    }
    var what =
        switch (this) {
          case ENDPOINTS -> "EDS cluster";
          case ROUTES -> "RDS configuration";
          case SECRET -> "SDS secret";
          case CLUSTER, LISTENER, SCOPED_ROUTES, EXTENSION, RUNTIME, OTHER -> "resource";
        };
    return "Unexpected %s (expecting %s): %s".formatted(what, expected, found);
  }

  /// What a NACK says.
  Status errorDetail(List<Rejected> problems) {
    return Status.newBuilder().setCode(Code.INTERNAL.value()).setMessage(refusal(problems)).build();
  }

  /// The text of a NACK, in the shape that control planes print and their users know.
  String refusal(List<Rejected> problems) {
    var text =
        switch (this) {
          case CLUSTER -> "Error adding/updating cluster(s) " + joined(problems, ", ");
          case LISTENER -> "Error adding/updating listener(s) " + joined(problems, "\n") + "\n";
          case ENDPOINTS, SCOPED_ROUTES, ROUTES, SECRET, EXTENSION, RUNTIME, OTHER ->
              joined(problems, "\n");
        };
    return text.length() <= LONGEST_MESSAGE
        ? text
        : text.substring(0, LONGEST_MESSAGE) + "...(truncated)";
  }

  private static String joined(List<Rejected> problems, String separator) {
    return problems.stream()
        .map(bad -> bad.name().isEmpty() ? bad.reason() : bad.name() + ": " + bad.reason())
        .collect(Collectors.joining(separator));
  }
}
