package dev.weir.http.filter.jwt;

import dev.weir.config.http.JwtConfig;
import dev.weir.config.http.JwtConfig.Requirement;
import dev.weir.http.filter.FilterStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/// What a request must have, made live. Immutable; any worker.
sealed interface TokenRule {

  /// Looks whether a request has it.
  ///
  /// @param done is told once, perhaps before this returns
  void check(FilterStream stream, Consumer<JwtStatus> done);

  /// Makes a requirement live.
  static TokenRule of(Requirement config, Issuers issuers) {
    return switch (config) {
      case Requirement.Of(var provider, var audiences) -> {
        var issuer = issuers.named(provider);
        yield new Tokens(
            new TokenFinder(List.of(issuer.provider())),
            new TokenCheck.Rules(issuers, issuer, audiences, false, false));
      }
      case Requirement.Optional(var providers, boolean evenBad) ->
          new Tokens(
              new TokenFinder(of(providers, issuers)),
              new TokenCheck.Rules(issuers, null, null, !evenBad, evenBad));
      case Requirement.AnyOf(var some) -> new AnyOf(all(some, issuers));
      case Requirement.AllOf(var all) -> new AllOf(all(all, issuers));
    };
  }

  private static List<JwtConfig.Provider> of(Collection<String> providers, Issuers issuers) {
    return providers.stream().map(name -> issuers.named(name).provider()).toList();
  }

  private static List<TokenRule> all(List<Requirement> requirements, Issuers issuers) {
    return requirements.stream().map(one -> of(one, issuers)).toList();
  }

  /// Tokens of some providers.
  record Tokens(TokenFinder finder, TokenCheck.Rules rules) implements TokenRule {
    @Override
    public void check(FilterStream stream, Consumer<JwtStatus> done) {
      finder.removeOurs(stream.requestHeaders()); // also what a rule before this one has set
      var tokens = new ArrayList<>(finder.find(stream.requestHeaders()));
      new TokenCheck(rules, stream, tokens, done).start();
    }
  }

  /// The first that it has will do.
  record AnyOf(List<TokenRule> rules) implements TokenRule {
    @Override
    public void check(FilterStream stream, Consumer<JwtStatus> done) {
      from(0, JwtStatus.MISSING, stream, done);
    }

    private void from(int at, JwtStatus worst, FilterStream stream, Consumer<JwtStatus> done) {
      if (at == rules.size()) {
        done.accept(worst);
        return;
      }
      rules
          .get(at)
          .check(
              stream,
              status -> {
                if (status == JwtStatus.OK) {
                  done.accept(status);
                } else {
                  from(at + 1, worse(worst, status), stream, done);
                }
              });
    }

    /// That there is none says least, that it is somebody else's little more.
    private static JwtStatus worse(JwtStatus one, JwtStatus other) {
      boolean telling = other != JwtStatus.MISSING && other != JwtStatus.UNKNOWN_ISSUER;
      return telling || one == JwtStatus.MISSING ? other : one;
    }
  }

  /// It must have all.
  record AllOf(List<TokenRule> rules) implements TokenRule {
    @Override
    public void check(FilterStream stream, Consumer<JwtStatus> done) {
      from(0, stream, done);
    }

    private void from(int at, FilterStream stream, Consumer<JwtStatus> done) {
      if (at == rules.size()) {
        done.accept(JwtStatus.OK);
        return;
      }
      rules
          .get(at)
          .check(
              stream,
              status -> {
                if (status == JwtStatus.OK) {
                  from(at + 1, stream, done);
                } else {
                  done.accept(status);
                }
              });
    }
  }
}
