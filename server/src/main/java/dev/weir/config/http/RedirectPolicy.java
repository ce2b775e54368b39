package dev.weir.config.http;

import java.util.List;
import java.util.Set;

/// Which redirects of a host are followed by the gateway itself
/// (`config.route.v3.InternalRedirectPolicy`).
///
/// @param max how many, one after the other
/// @param statuses that are followed
/// @param crossScheme whether a redirect may lead from HTTPS to HTTP and back
/// @param predicates all of which have to agree with the route that it leads to
/// @param copied response headers that go into the next request, in lower case
public record RedirectPolicy(
    long max,
    Set<Integer> statuses,
    boolean crossScheme,
    List<Predicate> predicates,
    List<String> copied) {

  /// What a route must be for a redirect to lead there.
  public sealed interface Predicate {
    /// One that no redirect of this request has led to from the same route.
    record PreviousRoutes() implements Predicate {}

    /// One of these.
    record AllowListed(Set<String> routes) implements Predicate {}

    /// One that does not lead from HTTP to HTTPS.
    record SafeCrossScheme() implements Predicate {}
  }
}
