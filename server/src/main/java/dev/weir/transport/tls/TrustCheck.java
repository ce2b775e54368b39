package dev.weir.transport.tls;

import dev.weir.config.ValidationConfig.Leniency;
import dev.weir.transport.tls.Verdict.Fault;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether a chain of certificates leads to a trusted one (RFC 5280, section 6). The rules are the
/// JDK's; the path is sought as OpenSSL does: a trusted certificate ends it, also one that is not
/// signed by itself. Immutable; any thread.
final class TrustCheck {
  private static final String BY_LISTS =
      "certificate revocation check against provided CRLs failed: ";
  private static final String ANY_PURPOSE = "2.5.29.37.0";

  private final List<X509Certificate> anchors;
  private final List<X509CRL> revoked;
  private final Leniency leniency;
  private final String purpose;

  /// @param purpose what the peer's certificate has to be for, where it says what it is for
  TrustCheck(
      List<X509Certificate> anchors, List<X509CRL> revoked, Leniency leniency, Purpose purpose) {
    this.anchors = anchors;
    this.revoked = revoked;
    this.leniency = leniency;
    this.purpose = purpose.oid;
  }

  /// What a certificate may be for.
  enum Purpose {
    /// To be shown by a server.
    SERVER("1.3.6.1.5.5.7.3.1"),
    /// To be shown by a client.
    CLIENT("1.3.6.1.5.5.7.3.2"),
    /// To be shown by a workload, whatever else it says.
    WORKLOAD("");

    private final String oid;

    Purpose(String oid) {
      this.oid = oid;
    }
  }

  /// A chain that is trusted.
  private record Path(List<X509Certificate> certificates, X509Certificate anchor) {}

  /// @param chain as the peer has sent it, its own certificate first
  Verdict check(List<X509Certificate> chain) {
    try {
      var path = path(chain);
      return path == null ? nobody(chain) : check(path);
    } catch (GeneralSecurityException e) {
      return Verdict.untrusted(Fault.UNSPECIFIED, 0, "" + e.getMessage());
    }
  }

  private @Nullable Path path(List<X509Certificate> chain) {
    var path = new ArrayList<X509Certificate>();
    @Nullable X509Certificate last = chain.getFirst();
    while (last != null) {
      path.add(last);
      if (anchors.contains(last)) {
        return new Path(path, last);
      }
      var anchor = issuer(last, anchors, List.of());
      if (anchor != null) {
        return new Path(path, anchor);
      }
      last = issuer(last, chain, path);
    }
    return null;
  }

  private static @Nullable X509Certificate issuer(
      X509Certificate of, List<X509Certificate> among, List<X509Certificate> except) {
    for (var candidate : among) {
      if (candidate.getSubjectX500Principal().equals(of.getIssuerX500Principal())
          && !except.contains(candidate)
          && isSignedBy(of, candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
    try {
      certificate.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static Verdict nobody(List<X509Certificate> chain) {
    var last = chain.getLast();
    if (chain.size() > 1 && last.getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
      return Verdict.untrusted(
          Fault.SELF_SIGNED, chain.size() - 1, "self-signed certificate in certificate chain");
    }
    return Verdict.untrusted(
        Fault.NO_ISSUER, chain.size() - 1, "unable to get local issuer certificate");
  }

  private Verdict check(Path path) throws GeneralSecurityException {
    int between = path.certificates.size() - 1;
    if (leniency.maxDepth() >= 0 && between > leniency.maxDepth()) {
      return Verdict.untrusted(
          Fault.NO_ISSUER, leniency.maxDepth() + 1, "unable to get local issuer certificate");
    }
    var times = checkTimes(path);
    if (!times.isGood()) {
      return times;
    }
    var purposes = checkPurposes(path.certificates);
    return purposes.isGood() ? checkRules(path) : purposes;
  }

  private Verdict checkTimes(Path path) {
    if (leniency.expired()) {
      return Verdict.GOOD;
    }
    int depth = 0;
    for (var certificate : path.certificates) {
      var verdict = checkTime(certificate, depth++);
      if (!verdict.isGood()) {
        return verdict;
      }
    }
    return checkTime(path.anchor, depth);
  }

  private static Verdict checkTime(X509Certificate certificate, int depth) {
    try {
      certificate.checkValidity();
      return Verdict.GOOD;
    } catch (CertificateExpiredException _) {
      return Verdict.untrusted(Fault.EXPIRED, depth, "certificate has expired");
    } catch (CertificateNotYetValidException _) {
      return Verdict.untrusted(Fault.NOT_YET_VALID, depth, "certificate is not yet valid");
    }
  }

  private Verdict checkPurposes(List<X509Certificate> path) throws CertificateException {
    for (int depth = 0; depth < path.size(); depth++) {
      var purposes = path.get(depth).getExtendedKeyUsage();
      if (purposes != null
          && !purpose.isEmpty()
          && !purposes.contains(purpose)
          && !purposes.contains(ANY_PURPOSE)) {
        return Verdict.untrusted(Fault.WRONG_PURPOSE, depth, "unsupported certificate purpose");
      }
    }
    return Verdict.GOOD;
  }

  private Verdict checkRules(Path path) throws GeneralSecurityException {
    if (path.certificates.getLast().equals(path.anchor)) {
      path.certificates.removeLast();
    }
    if (path.certificates.isEmpty()) {
      return Verdict.GOOD; // itself is trusted
    }
    var validator = CertPathValidator.getInstance("PKIX");
    var parameters = new PKIXParameters(Set.of(new TrustAnchor(path.anchor, null)));
    parameters.setRevocationEnabled(false);
    if (leniency.expired()) {
      parameters.setDate(whenValid(path));
    }
    if (!revoked.isEmpty()) {
      addRevocation(validator, parameters);
    }
    try {
      validator.validate(
          CertificateFactory.getInstance("X.509").generateCertPath(path.certificates), parameters);
      return Verdict.GOOD;
    } catch (CertPathValidatorException e) {
      return refusal(e);
    }
  }

  /// A moment at which all of them were valid, or at least the peer's own was.
  @SuppressWarnings("JavaUtilDate") // what certificates and their checks speak of
  private static Date whenValid(Path path) {
    var latestBegin = path.certificates.getFirst().getNotBefore();
    for (var certificate : path.certificates) {
      if (certificate.getNotBefore().after(latestBegin)) {
        latestBegin = certificate.getNotBefore();
      }
    }
    return latestBegin;
  }

  private void addRevocation(CertPathValidator validator, PKIXParameters parameters)
      throws GeneralSecurityException {
    var checker = (PKIXRevocationChecker) validator.getRevocationChecker();
    var options = EnumSet.of(Option.PREFER_CRLS, Option.NO_FALLBACK);
    if (leniency.onlyLeafCrl()) {
      options.add(Option.ONLY_END_ENTITY);
    }
    checker.setOptions(options);
    parameters.addCertPathChecker(checker);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(revoked)));
  }

  private static Verdict refusal(CertPathValidatorException e) {
    int depth = Math.max(0, e.getIndex());
    return switch (e.getReason()) {
      case BasicReason.REVOKED ->
          Verdict.untrusted(Fault.REVOKED, depth, BY_LISTS + "certificate revoked");
      case BasicReason.UNDETERMINED_REVOCATION_STATUS ->
          Verdict.untrusted(Fault.NO_LIST, depth, BY_LISTS + "unable to get certificate CRL");
      case BasicReason.EXPIRED ->
          Verdict.untrusted(Fault.EXPIRED, depth, "certificate has expired");
      default -> Verdict.untrusted(Fault.UNSPECIFIED, depth, String.valueOf(e.getMessage()));
    };
  }
}
