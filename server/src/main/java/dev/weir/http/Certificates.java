package dev.weir.http;

import dev.weir.config.http.RequestRules.ClientCertificate;
import dev.weir.config.http.RequestRules.ClientCertificate.Detail;
import dev.weir.config.http.RequestRules.ClientCertificate.Forward;
import dev.weir.transport.tls.TlsCertificate;
import dev.weir.transport.tls.TlsSession;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `x-forwarded-client-cert`: tells hosts whom the client's certificate is for. Immutable; any
/// worker.
final class Certificates {
  private final ClientCertificate config;

  Certificates(ClientCertificate config) {
    this.config = config;
  }

  /// @param tls null in plaintext
  void apply(Http2Headers headers, @Nullable TlsSession tls) {
    var forward = config.forward();
    ClientRules.join(headers, Names.FORWARDED_CLIENT_CERT); // as on Envoy
    if (forward == Forward.ALWAYS_FORWARD_ONLY) {
      return;
    }
    var peer = tls == null ? null : tls.peerCertificate();
    if (forward == Forward.SANITIZE || tls == null || peer == null) {
      headers.remove(Names.FORWARDED_CLIENT_CERT);
      return;
    }
    if (forward == Forward.FORWARD_ONLY) {
      return;
    }
    var element = String.join(";", element(tls, peer));
    if (forward == Forward.SANITIZE_SET) {
      headers.set(Names.FORWARDED_CLIENT_CERT, element);
    } else {
      ClientRules.append(headers, Names.FORWARDED_CLIENT_CERT, element);
    }
  }

  private List<String> element(TlsSession tls, TlsCertificate peer) {
    var parts = new ArrayList<String>();
    var local = tls.local();
    if (local != null) {
      local.uris().forEach(uri -> parts.add("By=" + uri));
    }
    parts.add("Hash=" + peer.sha256());
    if (config.details().contains(Detail.CERT)) {
      parts.add("Cert=\"" + peer.urlEncodedPem() + "\"");
    }
    if (config.details().contains(Detail.CHAIN)) {
      var chain = new StringBuilder();
      tls.peer().forEach(certificate -> chain.append(certificate.urlEncodedPem()));
      parts.add("Chain=\"" + chain + "\"");
    }
    if (config.details().contains(Detail.SUBJECT)) {
      parts.add("Subject=\"" + peer.subject() + "\"");
    }
    if (config.details().contains(Detail.URI)) {
      var uris = peer.uris().isEmpty() ? List.of("") : peer.uris(); // as on Envoy
      uris.forEach(uri -> parts.add("URI=" + uri));
    }
    if (config.details().contains(Detail.DNS)) {
      peer.dnsNames().forEach(name -> parts.add("DNS=" + name));
    }
    return parts;
  }
}
