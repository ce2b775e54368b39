package dev.weir.config;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An expression in the Common Expression Language, compiled. Two are equal if they say the same.
/// Immutable; any thread.
public final class CelExpression {
  private final String text;
  private final Program program;

  /// What an expression can ask for.
  public interface Variables {
    /// The value of a name: a text, a whole number, a truth value, a time of [CelValues], or a map
    /// or list of such; null if there is no such thing.
    @Nullable Object find(String name);
  }

  /// @param text by which it is compared and shown
  CelExpression(String text, Program program) {
    this.text = text;
    this.program = program;
  }

  /// Whether it is true. What cannot be worked out is not: it asks for something that is not there,
  /// or puts together what does not go together.
  public boolean test(Variables variables) {
    return Boolean.TRUE.equals(value(variables));
  }

  /// Its value, as `%CEL(…)%` prints it; null if it cannot be worked out.
  public @Nullable String print(Variables variables) {
    var value = value(variables);
    return value == null ? null : CelValues.print(value);
  }

  private @Nullable Object value(Variables variables) {
    try {
      return program.eval(name -> Optional.ofNullable(variables.find(name)));
    } catch (CelEvaluationException _) {
      return null;
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CelExpression expression && expression.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
