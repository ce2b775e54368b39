package dev.weir.xds.decision;

import dev.weir.xds.ControlPlane.Address;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an authorization service is asked (`envoy.service.auth.v3.CheckRequest`).
///
/// @param request null if it is about a connection
/// @param contextExtensions what the configuration tells the service
/// @param metadata dynamic metadata by namespace, as plain values
/// @param routeMetadata that of the route
/// @param serverName the SNI; null if the service is not told of TLS
public record CheckQuestion(
    Peer source,
    Peer destination,
    @Nullable Request request,
    Map<String, String> contextExtensions,
    Map<String, Map<String, @Nullable Object>> metadata,
    Map<String, Map<String, @Nullable Object>> routeMetadata,
    @Nullable String serverName) {
  /// The method that takes it.
  public static final String METHOD = "envoy.service.auth.v3.Authorization/Check";

  /// One end of a connection.
  ///
  /// @param service who it says that it is; empty for nothing
  /// @param principal the name in its certificate; empty for none
  /// @param certificate in PEM, as a part of a URL; empty for none
  public record Peer(
      @Nullable Address address,
      String service,
      Map<String, String> labels,
      String principal,
      String certificate) {}

  /// A request.
  ///
  /// @param startMicros when it began, since 1970
  /// @param size of its body so far, in bytes
  public record Request(
      long startMicros,
      String id,
      String method,
      String path,
      String host,
      String scheme,
      String protocol,
      long size,
      Headers headers,
      @Nullable Body body) {}

  /// The headers of a request.
  ///
  /// @param raw whether they are told as they are, each by itself, and not one text a name
  public record Headers(List<Header> list, boolean raw) {}

  /// A header, its value as bytes in ISO 8859-1.
  public record Header(String name, String value) {}

  /// The beginning of a request's body.
  ///
  /// @param raw whether it is told as bytes, and not as a text
  public record Body(ByteBuffer bytes, boolean raw) {}

  /// The message.
  public byte[] encode() {
    return CheckMessages.of(this).toByteArray();
  }
}
