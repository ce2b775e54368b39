package dev.weir.transport.tls;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a handshake has agreed on, and found out. Immutable; any thread.
///
/// @param version such as `TLSv1.3`
/// @param cipher its name in OpenSSL's manner, such as `ECDHE-RSA-AES128-GCM-SHA256` or
///   `TLS_AES_128_GCM_SHA256`
/// @param group what the keys were exchanged with, such as `X25519`; empty where unknown
/// @param serverName the SNI; empty without one
/// @param applicationProtocol what ALPN has chosen; empty for nothing
/// @param sessionId in hexadecimal digits; empty without one
/// @param resumed whether an earlier session goes on
/// @param local the certificate that we have shown; null for none
/// @param peer the certificates that the peer has shown, its own first; empty for none
public record TlsSession(
    String version,
    String cipher,
    String group,
    String serverName,
    String applicationProtocol,
    String sessionId,
    boolean resumed,
    @Nullable TlsCertificate local,
    List<TlsCertificate> peer) {

  private static final AttributeKey<TlsSession> KEY = AttributeKey.valueOf(TlsSession.class, "");

  /// What was agreed on for a channel, also if the handshake has failed in the end; null in
  /// plaintext, and before the handshake is over.
  public static @Nullable TlsSession of(Channel channel) {
    return channel.hasAttr(KEY) ? channel.attr(KEY).get() : null;
  }

  /// What ALPN has chosen for a channel; empty for nothing, and in plaintext.
  public static String applicationProtocol(Channel channel) {
    var session = of(channel);
    return session == null ? "" : session.applicationProtocol();
  }

  void attach(Channel channel) {
    channel.attr(KEY).set(this);
  }

  /// The peer's own certificate; null where it has shown none.
  public @Nullable TlsCertificate peerCertificate() {
    return peer.isEmpty() ? null : peer.getFirst();
  }
}
