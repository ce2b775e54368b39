package dev.weir.connection.filter;

import dev.weir.config.MetadataValue;
import dev.weir.config.RbacConfig;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.StatScope;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decides who may come in, and tells of it: counters, and dynamic metadata for the logs. Any
/// worker.
public final class RbacDecisions {
  private final @Nullable RbacEngine enforced;
  private final @Nullable RbacEngine shadow;
  private final String namespace;
  private final String shadowPrefix;
  private final Counter allowed;
  private final Counter denied;
  private final Counter shadowAllowed;
  private final Counter shadowDenied;

  /// @param namespace of the dynamic metadata
  /// @param scope where it counts
  public RbacDecisions(RbacConfig config, String namespace, StatScope scope) {
    this.enforced = config.enforced() == null ? null : new RbacEngine(config.enforced());
    this.shadow = config.shadow() == null ? null : new RbacEngine(config.shadow());
    this.namespace = namespace;
    this.shadowPrefix = config.shadowPrefix();
    this.allowed = scope.counter("allowed");
    this.denied = scope.counter("denied");
    var level = shadowPrefix.isEmpty() || shadowPrefix.endsWith(".") ? "" : ".";
    this.shadowAllowed = scope.counter(shadowPrefix + level + "shadow_allowed");
    this.shadowDenied = scope.counter(shadowPrefix + level + "shadow_denied");
  }

  /// Decides about a subject.
  ///
  /// @return null if it may come in; else what its log says
  public @Nullable String refusal(RbacSubject subject) {
    if (shadow != null) {
      tellShadow(shadow.decide(subject), subject);
    }
    if (enforced == null) {
      return null;
    }
    var verdict = enforced.decide(subject);
    if (verdict.noted()) {
      subject
          .record()
          .addMetadata("envoy.common", Map.of("access_log_hint", new MetadataValue.Bool(true)));
    }
    if (verdict.allowed()) {
      allowed.increment();
      return null;
    }
    denied.increment();
    var policy = verdict.policy() == null ? "none" : verdict.policy().replace(' ', '_');
    return "rbac_access_denied_matched_policy[" + policy + "]";
  }

  private void tellShadow(RbacEngine.Verdict verdict, RbacSubject subject) {
    (verdict.allowed() ? shadowAllowed : shadowDenied).increment();
    var result = new MetadataValue.Text(verdict.allowed() ? "allowed" : "denied");
    var metadata =
        verdict.policy() == null
            ? Map.<String, MetadataValue>of(shadowPrefix + "shadow_engine_result", result)
            : Map.<String, MetadataValue>of(
                shadowPrefix + "shadow_engine_result",
                result,
                shadowPrefix + "shadow_effective_policy_id",
                new MetadataValue.Text(verdict.policy()));
    subject.record().addMetadata(namespace, metadata);
  }
}
