package dev.weir.http.filter.jwt;

import dev.weir.config.http.JwtConfig;
import dev.weir.config.http.JwtConfig.Trust;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A provider, made live. Immutable; any worker.
///
/// @param provider what it was made of
record Issuer(JwtConfig.Provider provider, KeySource keys) {

  /// What is wrong with a token, whoever has signed it.
  ///
  /// @param audiences instead of the provider's; null for those
  /// @param now seconds since 1970
  JwtStatus judge(JwtToken token, @Nullable Set<String> audiences, long now) {
    var trust = provider.trust();
    var claims = token.claims();
    if (claims.notBefore() > 0 && claims.notBefore() > now + trust.clockSkew()) {
      return JwtStatus.NOT_YET_VALID;
    }
    if (claims.expires() > 0 && now > claims.expires() + trust.clockSkew()) {
      return JwtStatus.EXPIRED;
    }
    if (!isForUs(audiences == null ? trust.audiences() : audiences, token)) {
      return JwtStatus.AUDIENCE;
    }
    var subjects = trust.subjects();
    boolean allowed =
        (subjects == null || subjects.test(claims.subject())) && livesRight(trust, claims, now);
    return allowed ? JwtStatus.OK : JwtStatus.VERIFICATION;
  }

  private static boolean isForUs(Set<String> wanted, JwtToken token) {
    return wanted.isEmpty()
        || token.claims().audiences().stream().anyMatch(one -> wanted.contains(bare(one)));
  }

  private static String bare(String audience) {
    var bare = audience.replaceFirst("^https?://", "");
    return bare.endsWith("/") ? bare.substring(0, bare.length() - 1) : bare;
  }

  private static boolean livesRight(Trust trust, JwtToken.Claims claims, long now) {
    if (claims.expires() == 0) {
      return !trust.needsExpiration() && trust.maxLifetime() == null;
    }
    var max = trust.maxLifetime();
    return max == null || claims.expires() - now <= max.toSeconds();
  }
}
