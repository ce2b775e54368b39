package dev.weir.config.http;

import dev.weir.config.TextMatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which tokens requests must have (`extensions.filters.http.jwt_authn.v3.JwtAuthentication`).
///
/// @param providers by name, in the order of their names
/// @param rules the first that fits a request tells what it must have
/// @param byState what a request must have that no rule fits, by filter state; null for nothing
/// @param named requirements that routes may ask for by name
public record JwtConfig(
    Map<String, Provider> providers,
    List<Rule> rules,
    @Nullable StateRule byState,
    Map<String, Requirement> named,
    Options options) {

  /// What concerns all requests.
  ///
  /// @param bypassPreflight whether CORS preflights need no token
  /// @param stripFailures whether refusals do not say why
  /// @param statPrefix stands between `jwt_authn.` and the counters
  public record Options(boolean bypassPreflight, boolean stripFailures, String statPrefix) {}

  /// What some requests must have.
  ///
  /// @param requires null for nothing
  public record Rule(RouteMatch match, @Nullable Requirement requires) {}

  /// What a request must have by the text of a filter state object.
  public record StateRule(String key, Map<String, Requirement> requires) {}

  /// What a request must have.
  public sealed interface Requirement {
    /// A token of a provider.
    ///
    /// @param audiences instead of the provider's; null for those
    record Of(String provider, @Nullable Set<String> audiences) implements Requirement {}

    /// One of them. A requirement that lets requests without tokens pass comes last.
    record AnyOf(List<Requirement> some) implements Requirement {}

    /// All of them.
    record AllOf(List<Requirement> all) implements Requirement {}

    /// No token, or a good one of any of these providers.
    ///
    /// @param evenBad whether a bad token is as good as none
    record Optional(Set<String> providers, boolean evenBad) implements Requirement {}
  }

  /// Who issues tokens.
  public record Provider(String name, Trust trust, Keys keys, Places places, Passing passing) {}

  /// Which tokens are good.
  ///
  /// @param issuer empty for any
  /// @param audiences of which a token must have one; empty for any
  /// @param subjects null for any
  /// @param needsExpiration whether tokens must expire
  /// @param maxLifetime how long they may still be good; null for any time
  /// @param clockSkew in seconds
  public record Trust(
      String issuer,
      Set<String> audiences,
      @Nullable TextMatch subjects,
      boolean needsExpiration,
      @Nullable Duration maxLifetime,
      long clockSkew) {}

  /// By which keys tokens are verified.
  public sealed interface Keys {
    /// Those that are configured.
    record Local(KeySet set) implements Keys {}

    /// One that is fetched.
    ///
    /// @param cache how long it is good
    /// @param ahead whether it is fetched anew before anybody needs it
    /// @param retries how often a failed fetch is tried again
    record Remote(Uri uri, Duration cache, boolean ahead, int retries) implements Keys {}
  }

  /// From where keys are fetched.
  ///
  /// @param timeout of the whole answer
  public record Uri(
      String cluster, String scheme, String authority, String path, Duration timeout) {}

  /// Where requests have their tokens.
  public record Places(List<InHeader> headers, List<String> parameters, List<String> cookies) {}

  /// A header, and what stands before the token.
  public record InHeader(String name, String prefix) {}

  /// What those behind us hear of a good token.
  ///
  /// @param forward whether they get the token itself
  /// @param payload the header that gets its payload
  /// @param claims headers that get single claims
  public record Passing(
      boolean forward,
      InPayloadHeader payload,
      Told metadata,
      List<ClaimHeader> claims,
      boolean clearRoute) {}

  /// A header with the payload.
  ///
  /// @param name empty for none
  /// @param padded whether its base64 is padded
  public record InPayloadHeader(String name, boolean padded) {}

  /// What dynamic metadata says, below keys that may be empty for nothing.
  ///
  /// @param lists claims of words that are told as lists
  public record Told(String payload, String header, String failure, List<String> lists) {}

  /// A header that gets a claim.
  ///
  /// @param path of the claim in the payload
  public record ClaimHeader(String header, List<String> path) {}
}
