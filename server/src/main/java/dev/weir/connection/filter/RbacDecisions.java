package dev.weir.connection.filter;

import dev.weir.config.MetadataValue;
import dev.weir.config.RbacConfig;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decides who may come in, and tells of it: counters, and dynamic metadata for the logs. Any
/// worker.
public final class RbacDecisions {
  private final @Nullable RbacEngine enforced;
  private final @Nullable RbacEngine shadow;
  private final String namespace;
  private final String shadowPrefix;
  private final RbacStats stats;
  private final String rulesPrefix;
  private final Manner manner;

  /// What else is told of decisions.
  ///
  /// @param noted whether what the rules decide is noted as metadata too
  /// @param perPolicy whether each policy counts by itself too
  public record Manner(boolean noted, boolean perPolicy) {
    /// Nothing else.
    public static final Manner PLAIN = new Manner(false, false);
  }

  /// @param namespace of the dynamic metadata
  /// @param stats where it counts
  public RbacDecisions(RbacConfig config, String namespace, RbacStats stats, Manner manner) {
    this.enforced = config.enforced() == null ? null : new RbacEngine(config.enforced());
    this.shadow = config.shadow() == null ? null : new RbacEngine(config.shadow());
    this.namespace = namespace;
    this.shadowPrefix = config.shadowPrefix();
    this.stats = stats;
    this.rulesPrefix = config.statPrefix();
    this.manner = manner;
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
    if (manner.noted) {
      note(rulesPrefix + "enforced_", verdict, subject);
    }
    if (verdict.noted() != null) {
      subject
          .record()
          .addMetadata(
              "envoy.common", Map.of("access_log_hint", new MetadataValue.Bool(verdict.noted())));
    }
    if (verdict.allowed()) {
      stats.allowed(counted(verdict));
      return null;
    }
    stats.denied(counted(verdict));
    var policy = verdict.policy() == null ? "none" : verdict.policy().replace(' ', '_');
    return "rbac_access_denied_matched_policy[" + policy + "]";
  }

  private void tellShadow(RbacEngine.Verdict verdict, RbacSubject subject) {
    if (verdict.allowed()) {
      stats.shadowAllowed(counted(verdict));
    } else {
      stats.shadowDenied(counted(verdict));
    }
    note(shadowPrefix + "shadow_", verdict, subject);
  }

  private void note(String prefix, RbacEngine.Verdict verdict, RbacSubject subject) {
    var metadata = new HashMap<String, MetadataValue>();
    metadata.put(
        prefix + "engine_result", new MetadataValue.Text(verdict.allowed() ? "allowed" : "denied"));
    if (verdict.policy() != null) {
      metadata.put(prefix + "effective_policy_id", new MetadataValue.Text(verdict.policy()));
    }
    subject.record().addMetadata(namespace, metadata);
  }

  private @Nullable String counted(RbacEngine.Verdict verdict) {
    return manner.perPolicy ? verdict.policy() : null;
  }
}
