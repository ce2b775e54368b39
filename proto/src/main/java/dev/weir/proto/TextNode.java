package dev.weir.proto;

import dev.weir.proto.Positions.Position;
import java.util.List;

/// A value of a YAML or JSON text, typed as the reference proxy types it, and where it stands.
sealed interface TextNode {
  /// How many collections may lie in one another; the reference proxy's limit.
  int MAX_DEPTH = 100;

  /// Where it begins.
  Position at();

  /// What it is, as an error message says it.
  default String said() {
    return switch (this) {
      case Null _ -> "null";
      case Bool bool -> "the boolean " + bool.value;
      case Numeral number -> "the number " + number.text;
      case Text text -> "the text '" + text.text + "'";
      case Items _ -> "a list";
      case Fields _ -> "an object";
    };
  }

  /// Nothing: a field that is as good as left out.
  record Null(Position at) implements TextNode {}

  /// True or false.
  record Bool(boolean value, Position at) implements TextNode {}

  /// A number, in decimal digits.
  record Numeral(String text, Position at) implements TextNode {}

  /// A string.
  record Text(String text, Position at) implements TextNode {}

  /// A list.
  record Items(List<TextNode> items, Position at) implements TextNode {}

  /// An object. A name can occur twice in JSON.
  record Fields(List<Field> fields, Position at) implements TextNode {}

  /// One entry of an object; `at` is where its name stands.
  record Field(String name, TextNode value, Position at) {}
}
