package dev.weir.proto;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Where in a text the fields of a message stand, so that a later, semantic error of a file can
/// name its line too. Unchanging once the text is read.
public final class Positions {
  /// Of a message that came from no text: nothing is known.
  public static final Positions NONE = new Positions(null, "", Position.UNKNOWN);

  /// A place in a text.
  ///
  /// @param line counted from 1; 0 if unknown
  /// @param column counted from 1; 0 if unknown
  public record Position(int line, int column) {
    /// Not known.
    public static final Position UNKNOWN = new Position(0, 0);
  }

  // One object per field of the text: a tree of the message's shape, its children a linked list,
  // since
  // there can be millions, and hardly ever is one looked for.
  private final @Nullable Positions parent;
  private final String step;
  private final Position at;
  private @Nullable Positions lastChild;
  private @Nullable Positions before;

  private Positions(@Nullable Positions parent, String step, Position at) {
    this.parent = parent;
    this.step = step;
    this.at = at;
  }

  /// Of a message whose text begins here.
  static Positions root(Position at) {
    return new Positions(null, "", at);
  }

  /// Adds a field, an item (`[3]`) or a map's entry (`["key"]`) of this value.
  Positions child(String childStep, Position childAt) {
    var child = new Positions(this, childStep, childAt);
    child.before = lastChild;
    lastChild = child;
    return child;
  }

  Position at() {
    return at;
  }

  /// The path from the root to here, as in [WireError].
  String path() {
    var steps = new ArrayDeque<String>();
    for (var here = this; here != null; here = here.parent) {
      steps.push(here.step);
    }
    var path = new FieldPath("");
    steps.forEach(path::enter);
    return path.toString();
  }

  /// The place of the field, or of the nearest enclosing one that the text has.
  ///
  /// @param path as in [WireError]
  public Position find(String path) {
    var here = this;
    for (var step : FieldPath.steps(path)) {
      var child = here.lastChild;
      while (child != null && !child.step.equals(step)) {
        child = child.before;
      }
      if (child == null) {
        break;
      }
      here = child;
    }
    return here.at;
  }

  /// The violation with its line and column.
  public WireError locate(Violation violation) {
    var found = find(violation.path());
    return new WireError(violation.path(), found.line(), found.column(), violation.message());
  }
}
