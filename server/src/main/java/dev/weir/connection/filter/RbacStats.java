package dev.weir.connection.filter;

import dev.weir.telemetry.Counter;
import dev.weir.telemetry.StatScope;
import org.jspecify.annotations.Nullable;

/// What rules about who may come in count. Any thread.
public final class RbacStats {
  private final StatScope scope;
  private final String prefix;
  private final String shadowPrefix;
  private final Counter allowed;
  private final Counter denied;
  private final Counter shadowAllowed;
  private final Counter shadowDenied;

  /// @param scope that all lies below
  /// @param prefix of what rules count; may be empty
  /// @param shadowPrefix of what shadow rules count; may be empty
  public RbacStats(StatScope scope, String prefix, String shadowPrefix) {
    this.scope = scope;
    this.prefix = level(prefix);
    this.shadowPrefix = level(shadowPrefix);
    this.allowed = scope.counter(this.prefix + "allowed");
    this.denied = scope.counter(this.prefix + "denied");
    this.shadowAllowed = scope.counter(this.shadowPrefix + "shadow_allowed");
    this.shadowDenied = scope.counter(this.shadowPrefix + "shadow_denied");
  }

  private static String level(String prefix) {
    return prefix.isEmpty() || prefix.endsWith(".") ? prefix : prefix + ".";
  }

  /// @param policy that counts by itself too; null for none
  void allowed(@Nullable String policy) {
    allowed.increment();
    count(prefix, policy, "allowed");
  }

  void denied(@Nullable String policy) {
    denied.increment();
    count(prefix, policy, "denied");
  }

  void shadowAllowed(@Nullable String policy) {
    shadowAllowed.increment();
    count(shadowPrefix, policy, "shadow_allowed");
  }

  void shadowDenied(@Nullable String policy) {
    shadowDenied.increment();
    count(shadowPrefix, policy, "shadow_denied");
  }

  private void count(String level, @Nullable String policy, String name) {
    if (policy != null) {
      scope.counter(level + "policy." + policy + "." + name).increment();
    }
  }
}
