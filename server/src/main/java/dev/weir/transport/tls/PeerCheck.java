package dev.weir.transport.tls;

import dev.weir.config.SanMatch;
import dev.weir.config.TextMatch;
import dev.weir.config.ValidationConfig;
import dev.weir.transport.tls.TrustCheck.Purpose;
import dev.weir.transport.tls.Verdict.Fault;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Whether the certificate of a peer is what it has to be. Immutable; any thread.
final class PeerCheck {
  private static final String SPIFFE = "spiffe://";

  /// Bits of the key usage (RFC 5280, section 4.2.1.3).
  private static final int SIGNS_CERTIFICATES = 5;

  private static final int SIGNS_LISTS = 6;

  private final ValidationConfig rules;
  private final @Nullable TrustCheck trust;
  private final Map<String, TrustCheck> trustDomains;

  /// @param purpose the peer's part
  PeerCheck(ValidationConfig rules, Purpose purpose) {
    this.rules = rules;
    var trusted = rules.trusted();
    this.trust =
        trusted == null
            ? null
            : new TrustCheck(trusted.anchors(), rules.crl(), rules.leniency(), purpose);
    this.trustDomains = new HashMap<>();
    rules
        .spiffe()
        .forEach((domain, bundle) ->
            trustDomains.put(
                domain,
                new TrustCheck(bundle.anchors(), rules.crl(), rules.leniency(), Purpose.WORKLOAD)));
  }

  /// @param chain as the peer has sent it, its own certificate first
  /// @param names of which the peer has to have one, beside one of those that are configured; empty
  ///   for none
  /// @param uncared told of what is found and let pass
  Verdict check(List<X509Certificate> chain, List<SanMatch> names, Consumer<Verdict> uncared) {
    var verdict = check(chain, names);
    if (!verdict.isGood() && rules.leniency().untrusted()) {
      uncared.accept(verdict);
      return Verdict.GOOD;
    }
    return verdict;
  }

  private Verdict check(List<X509Certificate> chain, List<SanMatch> names) {
    var leaf = new TlsCertificate(chain.getFirst());
    var trusted = checkTrust(chain, leaf);
    if (!trusted.isGood()) {
      return trusted;
    }
    if (!hasAny(leaf, names) || !hasAny(leaf, rules.names())) {
      return Verdict.wrongName(leaf.allNames());
    }
    boolean pinned = !rules.hashes().isEmpty() || !rules.keys().isEmpty();
    return pinned && !isPinned(leaf) ? Verdict.WRONG_HASH : Verdict.GOOD;
  }

  private Verdict checkTrust(List<X509Certificate> chain, TlsCertificate leaf) {
    if (!trustDomains.isEmpty()) {
      var check = trustDomains.get(trustDomain(leaf));
      if (!isSvid(leaf.x509())) {
        return notSvid("cert precheck");
      }
      if (check == null) {
        return notSvid("no trust bundle store");
      }
      var found = check.check(chain);
      return new Verdict(
          found.finding(), found.isGood() ? Fault.NONE : Fault.REFUSED, found.detail());
    }
    return trust == null ? Verdict.GOOD : trust.check(chain);
  }

  private static Verdict notSvid(String why) {
    return new Verdict(Verdict.Finding.UNTRUSTED, Fault.REFUSED, "verify cert failed: " + why);
  }

  /// Whether it may be the certificate of a workload (SPIFFE X509-SVID, section 4).
  private static boolean isSvid(X509Certificate leaf) {
    var usage = leaf.getKeyUsage();
    return leaf.getBasicConstraints() < 0
        && usage != null
        && !usage[SIGNS_CERTIFICATES]
        && !usage[SIGNS_LISTS];
  }

  private static String trustDomain(TlsCertificate leaf) {
    for (var uri : leaf.uris()) {
      if (uri.startsWith(SPIFFE)) {
        int end = uri.indexOf('/', SPIFFE.length());
        return end < 0 ? "" : uri.substring(SPIFFE.length(), end);
      }
    }
    return "";
  }

  private boolean isPinned(TlsCertificate leaf) {
    return rules.hashes().contains(leaf.sha256()) || rules.keys().contains(leaf.spkiSha256());
  }

  /// Whether it has one of these names, where there are any.
  private static boolean hasAny(TlsCertificate leaf, List<SanMatch> names) {
    return names.isEmpty() || names.stream().anyMatch(name -> has(leaf, name));
  }

  private static boolean has(TlsCertificate leaf, SanMatch rule) {
    var names =
        switch (rule.kind()) {
          case EMAIL -> leaf.emails();
          case DNS -> leaf.dnsNames();
          case URI -> leaf.uris();
          case IP -> leaf.ips();
          case OTHER_NAME -> leaf.otherNames(rule.oid());
        };
    for (var name : names) {
      boolean same =
          (rule.kind() == SanMatch.Kind.DNS && rule.match() instanceof TextMatch.Exact(var dns, _))
              ? isFor(name, dns)
              : rule.match().test(name);
      if (same) {
        return true;
      }
    }
    return false;
  }

  /// Whether a name in a certificate, perhaps `*.example.com`, is for this host. The asterisk
  /// stands for one label, the first.
  static boolean isFor(String certified, String host) {
    if (certified.equalsIgnoreCase(host)) {
      return true;
    }
    int dot = host.indexOf('.');
    return certified.startsWith("*.")
        && dot > 0
        && certified.substring(1).equalsIgnoreCase(host.substring(dot));
  }
}
