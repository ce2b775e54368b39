package dev.weir.upstream.balance;

import dev.weir.config.MetadataValue;
import dev.weir.config.MetadataValue.Bool;
import dev.weir.config.MetadataValue.Fields;
import dev.weir.config.MetadataValue.Items;
import dev.weir.config.MetadataValue.Null;
import dev.weir.config.MetadataValue.Numeric;
import dev.weir.config.MetadataValue.Text;
import java.util.TreeMap;

/// Metadata as text, such that two values have one text exactly if they are equal: kinds are told
/// apart, lengths are written before names and texts, and the order of a structure's fields does
/// not count.
final class CanonicalText {
  private CanonicalText() {}

  static String of(MetadataValue value) {
    var text = new StringBuilder();
    append(text, value);
    return text.toString();
  }

  private static void append(StringBuilder text, MetadataValue value) {
    switch (value) {
      case Null _ -> text.append('z');
      case Bool(boolean on) -> text.append(on ? 't' : 'f');
      // Zero has two signs, which protobuf's equality does not tell apart.
      case Numeric(double number) -> text.append('n').append(number + 0.0).append(';');
      case Text(String words) -> append(text.append('s'), words);
      case Items(var items) -> {
        text.append('[');
        items.forEach(item -> append(text, item));
        text.append(']');
      }
      case Fields(var fields) -> {
        text.append('{');
        new TreeMap<>(fields)
            .forEach((name, field) -> {
              append(text, name);
              append(text, field);
            });
        text.append('}');
      }
    }
  }

  private static void append(StringBuilder text, String words) {
    text.append(words.length()).append(':').append(words);
  }
}
