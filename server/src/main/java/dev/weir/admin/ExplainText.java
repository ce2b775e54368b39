package dev.weir.admin;

import dev.weir.admin.Explanation.Destination;
import dev.weir.admin.Explanation.Live;
import dev.weir.config.Metadata;
import dev.weir.listener.ChainWalk;
import dev.weir.upstream.balance.Hashes;
import dev.weir.upstream.balance.PickTrail;
import dev.weir.upstream.host.Host;
import java.util.List;
import java.util.Locale;

/// An [Explanation] as lines, for people.
final class ExplainText {
  private final StringBuilder out = new StringBuilder();

  private ExplainText() {}

  static String of(Explanation explanation) {
    var text = new ExplainText();
    text.write(explanation);
    return text.out.toString();
  }

  private void line(int depth, String text) {
    out.append("  ".repeat(depth)).append(text).append('\n');
  }

  private void write(Explanation explanation) {
    line(
        0,
        "listener %s, from %s to %s"
            .formatted(explanation.listener(), explanation.source(), explanation.destination()));
    line(0, "=> %s".formatted(explanation.outcome()));
    line(0, "");
    chain(explanation);
    if (!explanation.filters().isEmpty()) {
      line(0, "filters: %s".formatted(String.join(", ", explanation.filters())));
    }
    var hashed = explanation.hashInput();
    if (hashed != null) {
      line(0, "hash of %s: %s".formatted(hashed, Long.toUnsignedString(Hashes.xx64(hashed))));
    }
    explanation.clusters().forEach(cluster -> cluster(explanation, cluster));
  }

  private void chain(Explanation explanation) {
    if (explanation.chain().isEmpty()) {
      line(0, "filter chain: none matches");
    } else {
      var why = explanation.walk().byDefault() ? ", as no other matches" : "";
      line(0, "filter chain: %s%s".formatted(explanation.chain(), why));
    }
    for (var step : explanation.walk().steps()) {
      level(step);
    }
  }

  private void level(ChainWalk.Step step) {
    var seen = step.seen().isEmpty() ? "-" : step.seen();
    var taken = step.taken();
    if (step.ways().equals(List.of("any"))) {
      line(1, "%-28s %-20s not asked for".formatted(step.field(), seen));
    } else {
      line(
          1,
          "%-28s %-20s %s of: %s"
              .formatted(
                  step.field(),
                  seen,
                  taken == null ? "none" : taken,
                  String.join(", ", step.ways())));
    }
  }

  private void cluster(Explanation explanation, Destination destination) {
    line(0, "");
    double percent = 100.0 * destination.weight() / destination.ofWeight();
    line(0, "cluster %s (%s %%)".formatted(destination.cluster(), number(percent)));
    var live = destination.live();
    if (live == null) {
      line(1, "is not there, or not warm");
      return;
    }
    line(1, "policy: %s".formatted(live.policy()));
    subset(destination, live);
    live.trail().tiers().forEach(this::tier);
    hash(explanation, live);
  }

  private void hash(Explanation explanation, Live live) {
    var hashed = live.trail().hashed();
    if (hashed != null) {
      line(1, "the hash leads to %s".formatted(hashed.address()));
    } else if (live.hashes()) {
      line(1, "without a hash, a host is drawn by chance");
    } else if (explanation.hashInput() != null) {
      line(1, "the policy does not hash: hash_policy has no effect");
    }
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.2f", value);
  }

  private void subset(Destination destination, Live live) {
    var match = destination.match().criteria();
    if (!live.hasSubsets()) {
      line(1, match.isEmpty() ? "no subsets" : "no subsets: metadata_match is not heeded");
      return;
    }
    line(1, "metadata_match: %s".formatted(ExplainJson.line(match)));
    live.trail().steps().forEach(step -> line(2, sentence(step)));
  }

  private static String sentence(PickTrail.Step step) {
    var keys = String.join(", ", step.selector());
    return switch (step.kind()) {
      case SUBSET -> "the subset of selector [%s]".formatted(keys);
      case SELECTOR_FALLBACK ->
          step.policy() == null
              ? "selector [%s] has no such subset and no fallback of its own".formatted(keys)
              : "selector [%s] has no such subset: its fallback %s".formatted(keys, step.policy());
      case FALLBACK -> "the common fallback %s".formatted(step.policy());
      case PANIC_MODE_ANY -> "nothing found there: any host (panic_mode_any)";
    };
  }

  private void tier(PickTrail.Tier tier) {
    line(
        1,
        "priority %d: load %d %%, degraded hosts %d %%%s"
            .formatted(
                tier.priority(),
                tier.load(),
                tier.degradedLoad(),
                tier.panic() ? ", in panic: all hosts are used" : ""));
    tier.candidates().forEach(this::candidate);
  }

  private void candidate(PickTrail.Candidate candidate) {
    Host host = candidate.host();
    var locality = host.locality();
    var weight = candidate.localityWeight();
    line(
        2,
        "%s %-24s %-20s weight %d, active %d, locality %s/%s/%s%s, %s"
            .formatted(
                candidate.eligible() ? "*" : " ",
                host.address(),
                host.healthText(),
                host.weight(),
                host.counters().rqActive(),
                locality.region(),
                locality.zone(),
                locality.subZone(),
                weight == null ? "" : " of weight " + weight,
                ExplainJson.line(host.metadata().in(Metadata.LB))));
  }
}
