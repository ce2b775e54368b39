package dev.weir.config;

import dev.weir.config.http.MetadataMatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `envoy.filters.network.ext_authz`: a gRPC service says who may come in.
///
/// @param failOpen whether those come in about whom the service cannot be asked
/// @param shadow whether everybody comes in, and it is only counted what was said
/// @param enabled whom it is asked about, by their dynamic metadata; null for everybody
public record ExtAuthzConfig(
    String statPrefix,
    GrpcServiceConfig service,
    boolean failOpen,
    boolean shadow,
    @Nullable MetadataMatch enabled,
    Told told)
    implements NetworkFilterConfig {

  /// What the service is told of a connection, beside its addresses and who its ends are.
  ///
  /// @param certificate whether the client's certificate
  /// @param tlsSession whether the SNI
  /// @param labelsKey a key of the node's metadata whose fields are the gateway's labels; empty for
  ///   none
  /// @param namespaces of dynamic metadata
  public record Told(
      boolean certificate, boolean tlsSession, String labelsKey, List<String> namespaces) {
    public Told {
      namespaces = List.copyOf(namespaces);
    }
  }

  @Override
  public boolean decidesAdmission() {
    return true;
  }
}
