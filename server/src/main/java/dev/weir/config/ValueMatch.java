package dev.weir.config;

import java.util.List;

/// A rule for metadata values. Source: `envoy.type.matcher.v3.ValueMatcher`.
public sealed interface ValueMatch {

  /// Whether a value follows the rule.
  boolean test(MetadataValue value);

  /// Only null.
  record IsNull() implements ValueMatch {
    @Override
    public boolean test(MetadataValue value) {
      return value instanceof MetadataValue.Null;
    }
  }

  /// One number.
  record NumberIs(double expected) implements ValueMatch {
    @Override
    public boolean test(MetadataValue value) {
      return value instanceof MetadataValue.Numeric(double number) && number == expected;
    }
  }

  /// A number of a range.
  ///
  /// @param from included
  /// @param to excluded
  record NumberIn(double from, double to) implements ValueMatch {
    @Override
    public boolean test(MetadataValue value) {
      return value instanceof MetadataValue.Numeric(double number) && from <= number && number < to;
    }
  }

  /// A text of a kind.
  record TextIs(TextMatch text) implements ValueMatch {
    @Override
    public boolean test(MetadataValue value) {
      return value instanceof MetadataValue.Text(String actual) && text.test(actual);
    }
  }

  /// One truth value.
  record BoolIs(boolean expected) implements ValueMatch {
    @Override
    public boolean test(MetadataValue value) {
      return value instanceof MetadataValue.Bool(boolean actual) && actual == expected;
    }
  }

  /// Whether there is a value at all.
  record Present(boolean expected) implements ValueMatch {
    @Override
    public boolean test(MetadataValue value) {
      return expected;
    }
  }

  /// A list with an element of a kind.
  record AnyItem(ValueMatch item) implements ValueMatch {
    @Override
    public boolean test(MetadataValue value) {
      return value instanceof MetadataValue.Items(List<MetadataValue> items)
          && items.stream().anyMatch(item::test);
    }
  }

  /// What any of the rules lets through.
  record AnyOf(List<ValueMatch> rules) implements ValueMatch {
    public AnyOf {
      rules = List.copyOf(rules);
    }

    @Override
    public boolean test(MetadataValue value) {
      return rules.stream().anyMatch(rule -> rule.test(value));
    }
  }
}
