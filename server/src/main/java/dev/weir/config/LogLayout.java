package dev.weir.config;

import java.util.List;
import java.util.SequencedMap;

/// How one access log entry is laid out. Source: `envoy.config.core.v3.SubstitutionFormatString`.
public sealed interface LogLayout {

  /// Whether what is absent is left out, instead of being written as `-` or `null`.
  boolean omitEmptyValues();

  /// A line of text. No newline is added to what the template says.
  record Text(LogTemplate template, boolean omitEmptyValues) implements LogLayout {}

  /// A JSON object on one line, ended by a newline.
  record Json(Value.Struct root, boolean omitEmptyValues) implements LogLayout {}

  /// A value in a JSON layout.
  sealed interface Value {
    /// An object. Its keys are in the order in which they are written.
    record Struct(SequencedMap<String, Value> fields) implements Value {}

    /// An array.
    record Sequence(List<Value> values) implements Value {
      public Sequence {
        values = List.copyOf(values);
      }
    }

    /// A string with operators: typed if it is a single operator, else text.
    record Template(LogTemplate template) implements Value {}

    /// A number of the configuration itself.
    record Numeric(double value) implements Value {}

    /// A truth value of the configuration itself.
    record Bool(boolean value) implements Value {}

    /// `null`.
    record Null() implements Value {}
  }
}
