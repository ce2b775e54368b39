package dev.weir.proto;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Gathers the rules about values of one Java type, and makes one of them.
final class RuleList<T> {
  private record Rule<T>(Predicate<T> holds, String message) {}

  private final Function<Object, T> cast;
  private final List<Rule<T>> rules = new ArrayList<>();
  private Predicate<T> exempt = _ -> false;

  /// @param cast what a field's value has to be
  RuleList(Function<Object, T> cast) {
    this.cast = cast;
  }

  /// Adds a rule, if it is stated at all.
  RuleList<T> add(boolean stated, String message, Predicate<T> holds) {
    if (stated) {
      rules.add(new Rule<>(holds, message));
    }
    return this;
  }

  /// Adds that the value must, and must not, be one of some.
  RuleList<T> addChoices(List<T> wanted, List<T> unwanted) {
    add(!wanted.isEmpty(), "must be one of " + wanted, wanted::contains);
    return add(
        !unwanted.isEmpty(), "must be none of " + unwanted, value -> !unwanted.contains(value));
  }

  /// Exempts some values from all rules, if that is stated.
  RuleList<T> exempt(boolean stated, Predicate<T> values) {
    if (stated) {
      exempt = values;
    }
    return this;
  }

  /// All of them as one.
  ValueRule build() {
    var all = List.copyOf(rules);
    return value -> first(all, cast.apply(value));
  }

  private @Nullable String first(List<Rule<T>> all, T value) {
    if (exempt.test(value)) {
      return null;
    }
    for (var rule : all) {
      if (!rule.holds.test(value)) {
        return rule.message;
      }
    }
    return null;
  }
}
