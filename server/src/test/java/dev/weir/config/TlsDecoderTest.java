package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.weir.config.SecretConfig.Content;
import dev.weir.config.TransportSocketDecoder.Side;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every field of the TLS messages is honoured, warned of or refused.
class TlsDecoderTest {
  private static final String CHAIN = path("server.pem");
  private static final String KEY = path("server.key");
  private static final String PAIR =
      "certificate_chain: { filename: %s }, private_key: { filename: %s }".formatted(CHAIN, KEY);
  private static final String SHOWN = "tls_certificates: [ { " + PAIR + " } ]";

  private static String path(String name) {
    URL found = Objects.requireNonNull(TlsDecoderTest.class.getResource(name));
    try {
      return Path.of(found.toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String filled(String yaml) {
    var types = "'@type': type.googleapis.com/envoy.extensions.transport_sockets.";
    return yaml.replace("$SPIFFE", types + "tls.v3.SPIFFECertValidatorConfig")
        .replace("$ANY", "typed_config: { " + types + "raw_buffer.v3.RawBuffer }")
        .replace("$SHOWN", SHOWN)
        .replace("$PAIR", PAIR)
        .replace("$CHAIN", CHAIN);
  }

  private static Checked<TransportSocketConfig> decode(String yaml, Message prototype, Side side)
      throws InvalidResourceException {
    var socket =
        TransportSocket.newBuilder()
            .setName("tls")
            .setTypedConfig(Any.pack(Wire.parse(filled(yaml), prototype)))
            .build();
    return ResourceDecoder.decode(
        socket, "", (wire, at) -> TransportSocketDecoder.socket(wire, side, at));
  }

  private static List<String> said(String yaml, Message prototype, Side side) {
    try {
      return decode(yaml, prototype, side).warnings().stream().map(it -> "warns " + it).toList();
    } catch (InvalidResourceException e) {
      return e.problems();
    }
  }

  private static void assertSays(String expected, List<String> said) {
    var found = said.stream().map(it -> it.replace("typed_config.", "")).toList();
    boolean as =
        expected.equals("ok")
            ? found.isEmpty()
            : found.stream().anyMatch(it -> it.startsWith(expected));
    assertTrue(as, () -> "not " + expected + " but " + found);
  }

  static Stream<Arguments> downstream() {
    return Tables.cases(
        """
        ok
        common_tls_context: { $SHOWN }
        ---
        common_tls_context.tls_certificates[0].tls_params: not supported
        common_tls_context: { tls_certificates: [ { $PAIR, tls_params: {} } ] }
        ---
        common_tls_context.tls_certificates[0].private_key_provider: not supported
        common_tls_context: { tls_certificates: [ { $PAIR, private_key_provider: { provider_name: p } } ] }
        ---
        warns common_tls_context.tls_certificates[0].signed_certificate_timestamp: has no effect
        common_tls_context: { tls_certificates: [ { $PAIR, signed_certificate_timestamp: [ { inline_string: x } ] } ] }
        ---
        warns common_tls_context.tls_certificates[0].watched_directory: has no effect
        common_tls_context: { tls_certificates: [ { $PAIR, watched_directory: { path: /tmp } } ] }
        ---
        common_tls_context.tls_params.signature_algorithms: not supported
        common_tls_context: { $SHOWN, tls_params: { signature_algorithms: [ ed25519 ] } }
        ---
        common_tls_context.tls_params: tls_minimum_protocol_version is newer than tls_maximum_protocol_version
        common_tls_context: { $SHOWN, tls_params: { tls_minimum_protocol_version: TLSv1_3, tls_maximum_protocol_version: TLSv1_2 } }
        ---
        common_tls_context.tls_params.cipher_suites: Failed to initialize cipher suites X. The following ciphers were rejected when tried individually: X
        common_tls_context: { $SHOWN, tls_params: { cipher_suites: [ X ] } }
        ---
        common_tls_context.tls_params.ecdh_curves: Failed to initialize ECDH curves P-17
        common_tls_context: { $SHOWN, tls_params: { ecdh_curves: [ P-17 ] } }
        ---
        ok
        common_tls_context: { $SHOWN, tls_params: { compliance_policies: [ FIPS_202205 ] } }
        ---
        common_tls_context.tls_params.compliance_policies[0]: not supported
        common_tls_context: { $SHOWN, tls_params: { compliance_policies: [ 2 ] } }
        ---
        common_tls_context.alpn_protocols[0]: Invalid ALPN protocol string
        common_tls_context: { $SHOWN, alpn_protocols: [ %s ] }
        ---
        common_tls_context.custom_handshaker: not supported
        common_tls_context: { $SHOWN, custom_handshaker: { name: h, $ANY } }
        ---
        common_tls_context.custom_tls_certificate_selector: not supported
        common_tls_context: { $SHOWN, custom_tls_certificate_selector: { name: h, $ANY } }
        ---
        common_tls_context.key_log: not supported
        common_tls_context: { $SHOWN, key_log: { path: /tmp/k } }
        ---
        common_tls_context.tls_certificate_provider_instance: not supported
        common_tls_context: { $SHOWN, tls_certificate_provider_instance: { instance_name: i } }
        ---
        common_tls_context.combined_validation_context.validation_context_certificate_provider_instance: not supported
        common_tls_context: { $SHOWN, combined_validation_context: { default_validation_context: {}, validation_context_sds_secret_config: { name: s }, validation_context_certificate_provider_instance: { instance_name: i } } }
        ---
        common_tls_context.validation_context.require_signed_certificate_timestamp: not supported
        common_tls_context: { $SHOWN, validation_context: { require_signed_certificate_timestamp: true } }
        ---
        common_tls_context.validation_context.ca_certificate_provider_instance: not supported
        common_tls_context: { $SHOWN, validation_context: { ca_certificate_provider_instance: { instance_name: i } } }
        ---
        warns common_tls_context.validation_context.watched_directory: has no effect
        common_tls_context: { $SHOWN, validation_context: { trusted_ca: { filename: $CHAIN }, watched_directory: { path: /tmp } } }
        ---
        common_tls_context.validation_context: SAN-based verification of peer certificates without trusted CA is insecure and not allowed
        common_tls_context: { $SHOWN, validation_context: { match_typed_subject_alt_names: [ { san_type: DNS, matcher: { exact: x } } ] } }
        ---
        common_tls_context.validation_context: Certificate validity period is always ignored without trusted CA
        common_tls_context: { $SHOWN, validation_context: { allow_expired_certificate: true } }
        ---
        common_tls_context.validation_context.match_typed_subject_alt_names[0].oid: oid is required for OTHER_NAME san type.
        common_tls_context: { $SHOWN, validation_context: { trusted_ca: { filename: $CHAIN }, match_typed_subject_alt_names: [ { san_type: OTHER_NAME, matcher: { exact: x } } ] } }
        ---
        common_tls_context.validation_context.verify_certificate_hash[0]: Invalid hex-encoded SHA-256
        common_tls_context: { $SHOWN, validation_context: { verify_certificate_hash: [ %s ] } }
        ---
        common_tls_context.validation_context.trusted_ca.filename: Invalid path: /nowhere
        common_tls_context: { $SHOWN, validation_context: { trusted_ca: { filename: /nowhere } } }
        ---
        common_tls_context.tls_certificates[0].private_key.filename: Invalid path: /nowhere
        common_tls_context: { tls_certificates: [ { certificate_chain: { filename: $CHAIN }, private_key: { filename: /nowhere } } ] }
        ---
        session_ticket_keys.keys[0]: Incorrect TLS session ticket key length. Length 3, expected length 80.
        session_ticket_keys: { keys: [ { inline_string: abc } ] }
        common_tls_context: { $SHOWN }
        ---
        warns require_client_certificate: has no effect
        require_client_certificate: true
        common_tls_context: { $SHOWN }
        """
            .formatted("a".repeat(256), "g".repeat(64)));
  }

  @ParameterizedTest
  @MethodSource("downstream")
  void everyFieldTowardsClientsIsHonouredOrNamed(String expected, String yaml) {
    assertSays(expected, said(yaml, DownstreamTlsContext.getDefaultInstance(), Side.DOWNSTREAM));
  }

  static Stream<Arguments> upstream() {
    return Tables.cases(
        """
        warns typed_config: no trusted_ca: any certificate of a host is accepted
        common_tls_context: {}
        ---
        ok
        enforce_rsa_key_usage: true
        common_tls_context: { validation_context: { trusted_ca: { filename: $CHAIN } } }
        ---
        warns enforce_rsa_key_usage: has no effect
        enforce_rsa_key_usage: false
        common_tls_context: {}
        ---
        typed_config: Multiple TLS certificates are not supported for client contexts
        common_tls_context: { tls_certificates: [ { $PAIR }, { $PAIR } ] }
        ---
        common_tls_context.validation_context.custom_validator_config.trust_domains[0].workload_trust_domain: not supported
        common_tls_context: { validation_context: { custom_validator_config: { name: s, typed_config: { $SPIFFE, trust_domains: [ { name: a, trust_bundle: { filename: $CHAIN }, workload_trust_domain: b } ] } } } }
        ---
        common_tls_context.validation_context.custom_validator_config.trust_bundles: not supported
        common_tls_context: { validation_context: { custom_validator_config: { name: s, typed_config: { $SPIFFE, trust_domains: [ { name: a, trust_bundle: { filename: $CHAIN } } ], trust_bundles: { inline_string: "{}" } } } } }
        """);
  }

  @ParameterizedTest
  @MethodSource("upstream")
  void everyFieldTowardsHostsIsHonouredOrNamed(String expected, String yaml) {
    assertSays(expected, said(yaml, UpstreamTlsContext.getDefaultInstance(), Side.UPSTREAM));
  }

  @Test
  void protocolsForAlpnMayStandInOneText() throws InvalidResourceException {
    var socket =
        decode(
                "common_tls_context: { $SHOWN, alpn_protocols: [ 'h2,http/1.1', '' ] }",
                DownstreamTlsContext.getDefaultInstance(),
                Side.DOWNSTREAM)
            .value();
    var tls = (TransportSocketConfig.DownstreamTls) socket;
    assertEquals(List.of("h2", "http/1.1"), tls.common().applicationProtocols());
  }

  private static Checked<SecretConfig> secret(String yaml) {
    return Wire.decode(filled(yaml), Secret.getDefaultInstance(), SecretDecoder::decode);
  }

  @Test
  void aGenericSecretMayHaveAName() {
    var content =
        (Content.Generic)
            secret(
                    """
                    name: s
                    generic_secret:
                      secret: { inline_string: one }
                      secrets: { user: { inline_string: two } }
                    """)
                .value()
                .content();
    var values =
        content.values().entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    it -> new String(it.getValue().toArray(), StandardCharsets.UTF_8)));
    assertEquals(Map.of("", "one", "user", "two"), values);
  }

  @Test
  void aSecretSaysWhichDirectoriesToWatch(@TempDir Path folder) {
    var moved = secret("name: s\ntls_certificate: { $PAIR }\n").value().files();
    assertEquals(List.of(Path.of(CHAIN).getParent()), moved.watched());
    assertEquals(false, moved.alsoWrites());
    var written =
        secret(
                """
                name: s
                tls_certificate: { $PAIR, watched_directory: { path: %s, watch_modify: true } }
                """
                    .formatted(folder))
            .value()
            .files();
    assertEquals(List.of(folder), written.watched());
    assertEquals(true, written.alsoWrites());
  }

  @Test
  void aKeyOfAnotherCertificateIsRefusedWithBothNames(@TempDir Path folder) {
    var other = folder.resolve("other.key");
    try {
      Files.writeString(other, FOREIGN_KEY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var yaml =
        "name: s\ntls_certificate: { certificate_chain: { filename: %s }, private_key: { filename: %s } }"
            .formatted(CHAIN, other);
    assertEquals(
        List.of(
            "tls_certificate.private_key: Failed to load private key from "
                + other
                + ", Cause: KEY_VALUES_MISMATCH: it does not belong to the certificate from "
                + CHAIN),
        Wire.problems(yaml, Secret.getDefaultInstance(), SecretDecoder::decode));
  }

  private static final String FOREIGN_KEY =
      """
      -----BEGIN PRIVATE KEY-----
      MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQguCjo87ApjxiwVQrS
      8Fh6eWLIYD+xoYUWHJ5gJ74j5LWhRANCAATnP8Dm6SFLOkdH0Y7FSaKcsJ4MKSbK
      V6APwVlbZjx+wtemaPsWLMgJpkImIrGhBNNh0pHZkNjY3ralfKhIqZWb
      -----END PRIVATE KEY-----
      """;

  @Test
  void whatTheJdkCannotDoIsRefusedByName() throws InvalidResourceException {
    var tls =
        (TransportSocketConfig.DownstreamTls)
            decode(
                    """
                    common_tls_context:
                      $SHOWN
                      tls_params:
                        tls_minimum_protocol_version: TLSv1_0
                        cipher_suites: [ "[ECDHE-RSA-AES128-GCM-SHA256|AES128-SHA]" ]
                        ecdh_curves: [ X25519MLKEM768 ]
                    """,
                    DownstreamTlsContext.getDefaultInstance(),
                    Side.DOWNSTREAM)
                .value();
    var at = Field.root("t");
    JdkTls.check(tls.common(), at);
    var lacking = ": the JDK's TLS does not have it, and BoringSSL is not there";
    assertEquals(
        List.of(
            "t.tls_params.tls_minimum_protocol_version" + lacking,
            "t.tls_params.cipher_suites: AES128-SHA" + lacking,
            "t.tls_params.ecdh_curves: X25519MLKEM768" + lacking,
            "t.tls_params.ecdh_curves: the JDK's TLS needs P-256 among them for the certificate of"
                + " CN=server.test from "
                + CHAIN),
        at.problems().stream().map(String::valueOf).toList());
  }
}
