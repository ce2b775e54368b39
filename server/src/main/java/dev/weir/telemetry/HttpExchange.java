package dev.weir.telemetry;

import dev.weir.config.Metadata;
import org.jspecify.annotations.Nullable;

/// The HTTP request that a record is about, if it is about one. On plain TCP there is none: its
/// operators print `-`, and the response code is 0.
public interface HttpExchange extends LogFacts {

  /// The response's status; 0 if there was none yet.
  int responseCode();

  /// A request header's first value; null if it is absent.
  @Nullable String requestHeader(String name);

  /// The status of a gRPC response, 0–16; -1 if it was none.
  int grpcStatus();

  /// The status of a gRPC response, or else what the response's code is in gRPC's words.
  int grpcOutcome();

  /// Whether this was a health check of the gateway itself.
  boolean isHealthCheck();

  /// Whether the request was chosen to be traced.
  boolean isTraced();

  /// The headers of one kind.
  enum Part {
    REQUEST,
    RESPONSE,
    /// The response's trailers.
    TRAILERS
  }

  /// All values of a header, joined by commas; null if it is absent.
  @Nullable String header(Part part, String name);

  /// How many headers there are.
  int headers(Part part);

  /// The route that was found; null if none was.
  @Nullable RouteFacts route();

  /// What configuration attached to the virtual host that was found.
  Metadata hostMetadata();

  /// The name of the virtual host that was found; null if none was.
  @Nullable String virtualHost();

  /// What is spoken, as lines call it: `HTTP/2`.
  String protocol();

  /// Why the response is what it is; null if nobody said.
  @Nullable String codeDetails();

  /// The length of all names and values.
  long headerBytes(Part part);

  /// When that was, on the record's stopwatch in nanoseconds; [Long#MIN_VALUE] if it was not yet.
  long moment(HttpMoment moment);

  /// From the end of the request towards the host to the beginning of its answer, in nanoseconds;
  /// -1 if there is none yet.
  long backendLatency();
}
