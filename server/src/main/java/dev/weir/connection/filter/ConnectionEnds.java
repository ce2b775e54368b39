package dev.weir.connection.filter;

import dev.weir.connection.ConnectionInfo;
import dev.weir.telemetry.ToldAddress;
import dev.weir.transport.tls.TlsCertificate;
import dev.weir.xds.decision.CheckQuestion.Peer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What authorization services are told of the two ends of a connection. Any worker.
public final class ConnectionEnds {
  private ConnectionEnds() {}

  /// The client.
  ///
  /// @param service who it says that it is; empty for nothing
  /// @param certificate whether its certificate is told too
  public static Peer source(ConnectionInfo info, String service, boolean certificate) {
    var tls = info.tls();
    var shown = tls == null ? null : tls.peerCertificate();
    return new Peer(
        ToldAddress.of(info.remoteAddress()),
        service,
        Map.of(),
        principal(shown),
        certificate && shown != null ? shown.urlEncodedPem() : "");
  }

  /// Where it has connected to.
  ///
  /// @param labels of this gateway
  public static Peer destination(ConnectionInfo info, String service, Map<String, String> labels) {
    var tls = info.tls();
    return new Peer(
        ToldAddress.of(info.localAddress()),
        service,
        labels,
        principal(tls == null ? null : tls.local()),
        "");
  }

  /// A certificate's first URI, or else its first DNS name, or else its subject.
  private static String principal(@Nullable TlsCertificate certificate) {
    if (certificate == null) {
      return "";
    }
    if (!certificate.uris().isEmpty()) {
      return certificate.uris().getFirst();
    }
    var names = certificate.dnsNames();
    return names.isEmpty() ? certificate.subject() : names.getFirst();
  }
}
