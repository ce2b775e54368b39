package dev.weir.http.filter.jwt;

import dev.weir.config.http.JwtConfig;
import dev.weir.http.filter.FilterStream;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Verifies the tokens of a request, one after the other. Its worker only.
final class TokenCheck {
  private final Rules rules;
  private final FilterStream stream;
  private final Http2Headers request;
  private final List<TokenFinder.Found> tokens;
  private final Consumer<JwtStatus> done;

  /// Which tokens will do.
  ///
  /// @param issuers all that there are
  /// @param only whose tokens will do; null for any of theirs
  /// @param audiences instead of the provider's; null for those
  /// @param evenNone whether it will do too if there is none
  /// @param evenBad whether it will do too if all are bad
  record Rules(
      Issuers issuers,
      @Nullable Issuer only,
      @Nullable Set<String> audiences,
      boolean evenNone,
      boolean evenBad) {}

  /// @param tokens the last of them is looked at first
  /// @param done is told once, perhaps before [#start] returns
  TokenCheck(
      Rules rules, FilterStream stream, List<TokenFinder.Found> tokens, Consumer<JwtStatus> done) {
    this.rules = rules;
    this.stream = stream;
    this.request = stream.requestHeaders();
    this.tokens = tokens;
    this.done = done;
  }

  void start() {
    if (tokens.isEmpty()) {
      next(JwtStatus.MISSING);
    } else {
      check(tokens.removeLast());
    }
  }

  private void check(TokenFinder.Found found) {
    JwtToken token;
    try {
      token = JwtToken.parse(found.text());
    } catch (JwtToken.Malformed e) {
      tell(rules.only, e.status());
      next(e.status());
      return;
    }
    var name = token.claims().issuer();
    var issuer = rules.only != null ? rules.only : rules.issuers.of(name);
    if (!found.isFor(name) || issuer == null) {
      tell(rules.only, JwtStatus.UNKNOWN_ISSUER);
      next(JwtStatus.UNKNOWN_ISSUER);
      return;
    }
    var status = issuer.judge(token, rules.audiences, System.currentTimeMillis() / 1000);
    if (status != JwtStatus.OK) {
      tell(issuer, status);
      next(status);
      return;
    }
    issuer
        .keys()
        .ask(
            stream.connection().worker(),
            answer -> {
              if (stream.record().isClosed()) {
                return; // the client is gone
              }
              var keys = answer.keys();
              var verified = keys == null ? JwtStatus.FETCH : Signatures.verify(token, keys);
              if (verified == JwtStatus.OK) {
                GoodToken.pass(issuer.provider(), token, found, stream, request);
              } else {
                tell(issuer, verified);
              }
              next(verified);
            });
  }

  private void tell(@Nullable Issuer issuer, JwtStatus status) {
    JwtConfig.Provider provider = issuer == null ? null : issuer.provider();
    if (provider != null) {
      GoodToken.tellFailure(provider, status, stream);
    }
  }

  /// All tokens have to be good, unless bad ones will do.
  private void next(JwtStatus status) {
    if (!tokens.isEmpty() && (rules.evenBad || status == JwtStatus.OK)) {
      check(tokens.removeLast());
      return;
    }
    boolean will = rules.evenBad || (rules.evenNone && status == JwtStatus.MISSING);
    done.accept(will ? JwtStatus.OK : status);
  }
}
