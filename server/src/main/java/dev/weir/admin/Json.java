package dev.weir.admin;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

/// Writes values as the admin interface lays out JSON: indented by one space.
final class Json {
  private static final Gson PRETTY =
      new GsonBuilder()
          .disableHtmlEscaping()
          .setFormattingStyle(FormattingStyle.PRETTY.withIndent(" "))
          .create();

  private Json() {}

  /// Writes maps, lists, texts, numbers and booleans.
  static void write(Object value, Appendable out) {
    PRETTY.toJson(value, out);
  }
}
