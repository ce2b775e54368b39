package dev.weir.config.http;

import dev.weir.config.GrpcServiceConfig;
import dev.weir.config.HeaderAddition;
import dev.weir.config.TextMatch;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `envoy.filters.http.ext_authz` does: a service says which requests may go on.
///
/// @param body how much of a request's body the service gets to see; null for nothing
public record HttpExtAuthzConfig(
    String statPrefix,
    Service service,
    When when,
    Told told,
    @Nullable Body body,
    OnError onError,
    Effects effects) {

  /// Who is asked.
  public sealed interface Service {
    /// A gRPC service.
    record Grpc(GrpcServiceConfig service) implements Service {}

    /// A server that gets a request like the one that it is about, and says yes with a 200.
    ///
    /// @param pathPrefix put before the path
    /// @param path of all questions; empty for that of the request
    /// @param add to the question
    record Http(
        String cluster,
        Duration timeout,
        String pathPrefix,
        String path,
        List<HeaderAddition> add,
        Answers answers)
        implements Service {}
  }

  /// Which headers of an HTTP service's answer go where. Lists are empty where nothing was said.
  ///
  /// @param toUpstream put into the request
  /// @param appended to the request's
  /// @param refused shown to a client that is refused
  /// @param allowed shown to a client that is let in
  /// @param noted as dynamic metadata
  public record Answers(
      List<TextMatch> toUpstream,
      List<TextMatch> appended,
      List<TextMatch> refused,
      List<TextMatch> allowed,
      List<TextMatch> noted) {}

  /// Which requests it is asked about.
  ///
  /// @param metadata null for all
  /// @param denyOthers whether all others are refused
  public record When(Share share, @Nullable MetadataMatch metadata, boolean denyOthers) {}

  /// What the service is told.
  ///
  /// @param certificate whether the client's certificate
  /// @param tlsSession whether the SNI
  /// @param labelsKey a key of the node's metadata whose fields are the gateway's labels; empty for
  ///   none
  /// @param namespaces of dynamic metadata
  /// @param routeNamespaces of the route's metadata
  /// @param headers which of the request's
  public record Told(
      boolean certificate,
      boolean tlsSession,
      String labelsKey,
      List<String> namespaces,
      List<String> routeNamespaces,
      Headers headers) {}

  /// Which of a request's headers the service is told.
  ///
  /// @param allowed null for all
  /// @param refused of those
  /// @param raw whether as they are, each by itself
  public record Headers(@Nullable List<TextMatch> allowed, List<TextMatch> refused, boolean raw) {}

  /// The beginning of a request's body.
  ///
  /// @param max bytes
  /// @param partial whether a longer one is cut; else it is refused
  /// @param raw whether as bytes, and not as a text
  public record Body(int max, boolean partial, boolean raw) {}

  /// What becomes of requests that the service cannot be asked about.
  ///
  /// @param open whether they go on
  /// @param noted whether with a header that says so
  /// @param status what the others get
  public record OnError(boolean open, boolean noted, int status) {}

  /// What an answer does.
  ///
  /// @param clearRoute whether the route is looked for anew when headers have changed
  /// @param counted whether refusals count as responses of the cluster
  /// @param metadata whether the answer's metadata is taken
  /// @param strict whether an answer with a malformed header is refused as a whole
  /// @param rules which changes of the request it may make; null for all
  /// @param longestRefusal in bytes, of a refusal's body; 0 for no limit
  public record Effects(
      boolean clearRoute,
      boolean counted,
      boolean metadata,
      boolean strict,
      @Nullable MutationRules rules,
      long longestRefusal) {}
}
