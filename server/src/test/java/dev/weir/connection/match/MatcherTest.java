package dev.weir.connection.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.config.MatchInput.Fact;
import dev.weir.config.MatchPredicate;
import dev.weir.config.MatcherConfig.Exact;
import dev.weir.config.MatcherConfig.Outcome;
import dev.weir.config.MatcherConfig.Prefix;
import dev.weir.config.MatcherConfig.Rule;
import dev.weir.config.MatcherConfig.Rules;
import dev.weir.config.TextMatch;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What the comparison with Envoy cannot show, as Envoy crashes at it, and how searches go on.
class MatcherTest {
  private static final MatchFacts PORT_443 = input -> input == Fact.DESTINATION_PORT ? "443" : null;

  private static Outcome<String> action(String name, boolean keepsMatching) {
    return new Outcome.Action<>(name, keepsMatching);
  }

  private static Rule<String> rule(String port, Outcome<String> outcome) {
    var match = new TextMatch.Exact(port, false);
    return new Rule<>(new MatchPredicate.Text(Fact.DESTINATION_PORT, match), outcome);
  }

  private static @Nullable String find(List<Rule<String>> rules, @Nullable Outcome<String> last) {
    return Matcher.of(new Rules<>(rules, last)).find(PORT_443);
  }

  @Test
  void theFirstRuleThatPassesDecides() {
    assertEquals(
        "b",
        find(
            List.of(
                rule("80", action("a", false)),
                rule("443", action("b", false)),
                rule("443", action("c", false))),
            null));
  }

  @Test
  void aMatchThatKeepsMatchingIsPassedOver() {
    assertEquals(
        "c", find(List.of(rule("443", action("b", true)), rule("443", action("c", false))), null));
    assertEquals("z", find(List.of(rule("443", action("b", true))), action("z", false)));
    assertNull(find(List.of(rule("443", action("b", true))), action("z", true)));
  }

  @Test
  void behindANestedMatcherThatFindsNothingTheSearchGoesOn() {
    var nothing =
        new Outcome.Nested<>(
            new Exact<>(Fact.SERVER_NAME, Map.of("x", action("n", false)), null), false);
    assertEquals("c", find(List.of(rule("443", nothing), rule("443", action("c", false))), null));
    var prefixes =
        Matcher.of(
            new Prefix<>(
                Fact.DESTINATION_PORT, Map.of("44", nothing, "4", action("p", false)), null));
    assertEquals("p", prefixes.find(PORT_443));
  }

  @Test
  void whatIsNotThereMatchesNothingButANot() {
    var name = new MatchPredicate.Text(Fact.SERVER_NAME, new TextMatch.Prefix("a", false));
    assertNull(find(List.of(new Rule<>(name, action("a", false))), null));
    assertEquals(
        "a", find(List.of(new Rule<>(new MatchPredicate.Not(name), action("a", false))), null));
  }
}
