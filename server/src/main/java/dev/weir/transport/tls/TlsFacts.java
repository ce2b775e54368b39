package dev.weir.transport.tls;

import dev.weir.config.LogOperator;
import dev.weir.telemetry.FactKind;
import dev.weir.telemetry.LogFacts;
import dev.weir.telemetry.LogLine;
import dev.weir.telemetry.TimeFormat;
import dev.weir.telemetry.UpstreamRecord;
import io.netty.channel.Channel;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What access logs say of a TLS session. What does not exist is absent. The connection's worker
/// only.
public final class TlsFacts implements LogFacts {
  private static final String DEFAULT_TIME = "%Y-%m-%dT%H:%M:%E3SZ";

  private final TlsSession session;

  /// @param session what to tell of
  public TlsFacts(TlsSession session) {
    this.session = session;
  }

  /// Notes what was agreed on for an upstream's channel, if it speaks TLS.
  public static void tell(Channel channel, UpstreamRecord record) {
    var session = TlsSession.of(channel);
    if (session != null) {
      record.tls(new TlsFacts(session));
      record.handshakeDone();
      if (!session.serverName().isEmpty()) {
        record.serverName(session.serverName());
      }
    }
  }

  @Override
  public FactKind write(LogOperator operator, String argument, LogLine line) {
    return switch (operator) {
      case DOWNSTREAM_PEER_CERT_V_START, UPSTREAM_PEER_CERT_V_START ->
          time(TlsCertificate::notBefore, argument, line);
      case DOWNSTREAM_PEER_CERT_V_END, UPSTREAM_PEER_CERT_V_END ->
          time(TlsCertificate::notAfter, argument, line);
      default -> text(value(operator), line);
    };
  }

  private @Nullable String value(LogOperator operator) {
    return switch (operator) {
      case DOWNSTREAM_TLS_VERSION, UPSTREAM_TLS_VERSION -> session.version();
      case DOWNSTREAM_TLS_CIPHER, UPSTREAM_TLS_CIPHER -> session.cipher();
      case DOWNSTREAM_TLS_GROUP, UPSTREAM_TLS_GROUP -> session.group();
      case DOWNSTREAM_TLS_SESSION_ID, UPSTREAM_TLS_SESSION_ID -> session.sessionId();
      case DOWNSTREAM_LOCAL_SUBJECT -> local(TlsCertificate::subject);
      case DOWNSTREAM_LOCAL_URI_SAN, UPSTREAM_LOCAL_URI_SAN -> localNames(TlsCertificate::uris);
      case DOWNSTREAM_LOCAL_DNS_SAN, UPSTREAM_LOCAL_DNS_SAN -> localNames(TlsCertificate::dnsNames);
      case DOWNSTREAM_LOCAL_IP_SAN, UPSTREAM_LOCAL_IP_SAN -> localNames(TlsCertificate::ips);
      case DOWNSTREAM_LOCAL_EMAIL_SAN -> localNames(TlsCertificate::emails);
      case DOWNSTREAM_LOCAL_OTHERNAME_SAN -> localNames(certificate -> certificate.otherNames(""));
      case DOWNSTREAM_PEER_URI_SAN, UPSTREAM_PEER_URI_SAN -> peerNames(TlsCertificate::uris);
      case DOWNSTREAM_PEER_DNS_SAN, UPSTREAM_PEER_DNS_SAN -> peerNames(TlsCertificate::dnsNames);
      case DOWNSTREAM_PEER_IP_SAN, UPSTREAM_PEER_IP_SAN -> peerNames(TlsCertificate::ips);
      case DOWNSTREAM_PEER_EMAIL_SAN -> peerNames(TlsCertificate::emails);
      case DOWNSTREAM_PEER_OTHERNAME_SAN -> peerNames(certificate -> certificate.otherNames(""));
      case DOWNSTREAM_PEER_SUBJECT, UPSTREAM_PEER_SUBJECT -> peer(TlsCertificate::subject);
      case DOWNSTREAM_PEER_ISSUER, UPSTREAM_PEER_ISSUER -> peer(TlsCertificate::issuer);
      case DOWNSTREAM_PEER_SERIAL -> peer(TlsCertificate::serial);
      case DOWNSTREAM_PEER_FINGERPRINT_256 -> peer(TlsCertificate::sha256);
      case DOWNSTREAM_PEER_FINGERPRINT_1 -> peer(TlsCertificate::sha1);
      case DOWNSTREAM_PEER_CERT, UPSTREAM_PEER_CERT -> peer(TlsCertificate::urlEncodedPem);
      case DOWNSTREAM_PEER_CHAIN_SERIALS -> chain(TlsCertificate::serial);
      case DOWNSTREAM_PEER_CHAIN_FINGERPRINTS_256 -> chain(TlsCertificate::sha256);
      case DOWNSTREAM_PEER_CHAIN_FINGERPRINTS_1 -> chain(TlsCertificate::sha1);
      default -> null;
    };
  }

  private @Nullable String local(Function<TlsCertificate, String> fact) {
    var certificate = session.local();
    return certificate == null ? null : fact.apply(certificate);
  }

  private @Nullable String localNames(Function<TlsCertificate, List<String>> names) {
    return local(certificate -> String.join(",", names.apply(certificate)));
  }

  private @Nullable String peer(Function<TlsCertificate, String> fact) {
    var certificate = session.peerCertificate();
    return certificate == null ? null : fact.apply(certificate);
  }

  private @Nullable String peerNames(Function<TlsCertificate, List<String>> names) {
    return peer(certificate -> String.join(",", names.apply(certificate)));
  }

  private String chain(Function<TlsCertificate, String> fact) {
    return String.join(",", session.peer().stream().map(fact).toList());
  }

  private FactKind time(Function<TlsCertificate, Instant> moment, String argument, LogLine line) {
    var certificate = session.peerCertificate();
    if (certificate == null) {
      return FactKind.ABSENT;
    }
    var format = TimeFormat.of(argument.isEmpty() ? DEFAULT_TIME : argument, false);
    format.write(moment.apply(certificate).toEpochMilli() * 1_000, line);
    return FactKind.TEXT;
  }

  private static FactKind text(@Nullable String text, LogLine line) {
    if (text == null || text.isEmpty()) {
      return FactKind.ABSENT;
    }
    line.text(text);
    return FactKind.TEXT;
  }
}
