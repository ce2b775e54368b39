package dev.weir.config.http;

import dev.weir.config.TextMatch;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which headers of a request a service may change (`HeaderMutationRules`).
///
/// @param routing whether those that say where it goes
/// @param envoy whether `x-envoy-…`
/// @param noSystem whether not those that begin with a colon
/// @param none whether only those that `allowed` fits
/// @param allowed these in any case; null for none
/// @param refused these in no case; null for none
/// @param refusalIsError whether an answer that wants more is an error
public record MutationRules(
    boolean routing,
    boolean envoy,
    boolean noSystem,
    boolean none,
    @Nullable TextMatch allowed,
    @Nullable TextMatch refused,
    boolean refusalIsError) {
  private static final Set<String> ROUTING = Set.of("host", ":authority", ":scheme", ":method");

  /// Whether a header may be changed.
  ///
  /// @param name in lower case
  public boolean permit(String name) {
    if (refused != null && refused.test(name)) {
      return false;
    }
    if (allowed != null && allowed.test(name)) {
      return true;
    }
    return !none
        && (!noSystem || !name.startsWith(":"))
        && (routing || !ROUTING.contains(name))
        && (envoy || !name.startsWith("x-envoy"));
  }
}
