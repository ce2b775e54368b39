package dev.weir.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// How bytes travel on a connection (`config.core.v3.TransportSocket`).
public sealed interface TransportSocketConfig {

  /// Whether what is sent is encrypted.
  default boolean secure() {
    return switch (this) {
      case RawBuffer _ -> false;
      case DownstreamTls _, UpstreamTls _ -> true;
      case ProxyProtocol(_, var inner) -> inner.secure();
    };
  }

  /// Plaintext: `envoy.transport_sockets.raw_buffer`, or no transport socket at all.
  record RawBuffer() implements TransportSocketConfig {}

  /// A PROXY header, and then what another transport sends (`ProxyProtocolUpstreamTransport`).
  record ProxyProtocol(ProxyHeaderConfig header, TransportSocketConfig inner)
      implements TransportSocketConfig {}

  /// A transport for hosts whose metadata say so (`Cluster.TransportSocketMatch`).
  ///
  /// @param criteria what a host's `envoy.transport_socket_match` metadata have to have; empty
  ///   matches every host
  record Match(String name, Map<String, MetadataValue> criteria, TransportSocketConfig socket) {}

  /// TLS with clients (`DownstreamTlsContext`).
  ///
  /// @param requireClientCertificate whether a client without a certificate is turned away
  /// @param requireServerName whether a client without SNI is turned away
  record DownstreamTls(
      TlsConfig common,
      boolean requireClientCertificate,
      boolean requireServerName,
      Choice choice,
      Resumption resumption)
      implements TransportSocketConfig {

    /// How one of several possibilities is chosen.
    ///
    /// @param scanAllCertificates whether a server name that no certificate has lets all of them be
    ///   considered, and not the first only
    /// @param clientsCiphers whether the client's order of ciphers counts, and not ours
    public record Choice(
        boolean scanAllCertificates, boolean clientsCiphers, OcspPolicy ocspPolicy) {}

    /// How sessions may be taken up again.
    ///
    /// @param ticketKeys who may read tickets
    /// @param stateful whether sessions are also kept here
    /// @param timeout how long a session may be taken up; zero for the library's own limit
    public record Resumption(TicketKeys ticketKeys, boolean stateful, Duration timeout) {}
  }

  /// TLS with hosts of a cluster (`UpstreamTlsContext`).
  ///
  /// @param serverName what is asked for as SNI; empty for none
  /// @param hostnameAsServerName whether the host's own name is asked for, where it has one
  /// @param serverNameInCertificate whether the name that is asked for has to be in the certificate
  /// @param maxSessions how many sessions are kept to take them up again
  record UpstreamTls(
      TlsConfig common,
      String serverName,
      boolean hostnameAsServerName,
      boolean serverNameInCertificate,
      boolean allowRenegotiation,
      int maxSessions)
      implements TransportSocketConfig {

    /// The same with a handshake of its own for each connection.
    public UpstreamTls withoutSessions() {
      return new UpstreamTls(
          common, serverName, hostnameAsServerName, serverNameInCertificate, allowRenegotiation, 0);
    }
  }

  /// What becomes of a certificate that needs an OCSP response (`OcspStaplePolicy`).
  enum OcspPolicy {
    /// A response is stapled while it is valid; without one, the certificate serves nevertheless.
    LENIENT,
    /// A certificate whose response is not valid any more serves no client that asks for one.
    STRICT,
    /// Every certificate has to have a response, and serves while that is valid.
    MUST
  }

  /// Who may read the tickets that clients come back with.
  sealed interface TicketKeys {
    /// This process, with keys of its own.
    record Own() implements TicketKeys {}

    /// No tickets.
    record None() implements TicketKeys {}

    /// Whoever has these.
    ///
    /// @param keys of 80 bytes each; the first writes, all read
    record Given(List<Bytes> keys) implements TicketKeys {}

    /// Whoever has those that come from elsewhere.
    record Secret(SecretRef secret) implements TicketKeys {}
  }
}
