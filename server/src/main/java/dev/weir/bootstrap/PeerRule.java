package dev.weir.bootstrap;

import dev.weir.config.Field;
import dev.weir.config.TextMatch;
import dev.weir.config.TextMatchDecoder;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher.SanType;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a server's certificate has to be, beside trusted: one of the names, and one of the pins.
///
/// @param names of which the certificate has to have one; empty for any
/// @param hashes SHA-256 of the certificate, in lower-case hexadecimal
/// @param keys SHA-256 of its public key, in Base64; empty, as `hashes`, for any
record PeerRule(List<Name> names, Set<String> hashes, Set<String> keys)
    implements Predicate<X509Certificate> {

  /// A subject alternative name.
  ///
  /// @param type as RFC 5280's `GeneralName` numbers it; 0 for any
  record Name(int type, TextMatch match) {}

  private static final int EMAIL = 1;
  private static final int DNS = 2;
  private static final int URI = 6;
  private static final int IP = 7;

  static PeerRule of(CertificateValidationContext wire, Field at) throws InvalidResourceException {
    var names = names(wire, at);
    at.check(
        names.isEmpty() || wire.hasTrustedCa(),
        "SAN-based verification of peer certificates without trusted CA is insecure and not"
            + " allowed");
    return new PeerRule(
        names,
        wire.getVerifyCertificateHashList().stream()
            .map(hash -> hash.replace(":", "").toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet()),
        Set.copyOf(wire.getVerifyCertificateSpkiList()));
  }

  @SuppressWarnings("deprecation") // what match_typed_subject_alt_names was before
  private static List<Name> names(CertificateValidationContext wire, Field at)
      throws InvalidResourceException {
    var names = new ArrayList<Name>();
    for (var typed : wire.getMatchTypedSubjectAltNamesList()) {
      var match =
          TextMatchDecoder.decode(
              typed.getMatcher(), at.at("match_typed_subject_alt_names").at("matcher"));
      names.add(new Name(number(typed.getSanType(), at), match));
    }
    for (var untyped : wire.getMatchSubjectAltNamesList()) {
      names.add(new Name(0, TextMatchDecoder.decode(untyped, at.at("match_subject_alt_names"))));
    }
    return List.copyOf(names);
  }

  private static int number(SanType type, Field at) throws InvalidResourceException {
    return switch (type) {
      case EMAIL -> EMAIL;
      case DNS -> DNS;
      case URI -> URI;
      case IP_ADDRESS -> IP;
      case OTHER_NAME, SAN_TYPE_UNSPECIFIED, UNRECOGNIZED ->
          throw at.at("match_typed_subject_alt_names").invalid("san_type " + type + " unsupported");
    };
  }

  @Override
  public boolean test(X509Certificate certificate) {
    return hasName(certificate) && isPinned(certificate);
  }

  private boolean hasName(X509Certificate certificate) {
    return names.isEmpty()
        || alternativeNames(certificate).stream()
            .anyMatch(entry -> names.stream().anyMatch(name -> matches(name, entry)));
  }

  private static Collection<List<?>> alternativeNames(X509Certificate certificate) {
    try {
      @Nullable Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null ? List.of() : names;
    } catch (CertificateParsingException _) {
      return List.of();
    }
  }

  private static boolean matches(Name name, List<?> entry) {
    if (!(entry.get(0) instanceof Integer type && entry.get(1) instanceof String text)) {
      return false;
    }
    return (name.type == 0 || name.type == type)
        && (name.match.test(text) || (type == DNS && matchesWildcard(name.match, text)));
  }

  /// A certificate for `*.example.com` has the name `a.example.com`.
  private static boolean matchesWildcard(TextMatch match, String certified) {
    return match instanceof TextMatch.Exact(var wanted, _)
        && certified.startsWith("*.")
        && wanted.indexOf('.') > 0
        && wanted.substring(wanted.indexOf('.')).equalsIgnoreCase(certified.substring(1));
  }

  private boolean isPinned(X509Certificate certificate) {
    if (hashes.isEmpty() && keys.isEmpty()) {
      return true;
    }
    try {
      var hash = HexFormat.of().formatHex(sha256(certificate.getEncoded()));
      var key = Base64.getEncoder().encodeToString(sha256(certificate.getPublicKey().getEncoded()));
      return hashes.contains(hash) || keys.contains(key);
    } catch (CertificateEncodingException _) {
      return false;
    }
  }

  private static byte[] sha256(byte[] data) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(data);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
