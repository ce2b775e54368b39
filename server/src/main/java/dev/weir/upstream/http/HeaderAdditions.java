package dev.weir.upstream.http;

import dev.weir.config.HeaderAddition;
import dev.weir.config.HeaderAddition.Action;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.FilledTemplate;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Headers that are added to every request or response, with their values compiled. Immutable; any
/// worker.
///
/// As on Envoy, all of them go by the headers as they were before: first what overwrites does so,
/// then what appends, each in its order.
public final class HeaderAdditions {
  private final Entry[] entries;

  private record Entry(AsciiString name, FilledTemplate value, Action action, boolean keepEmpty) {
    /// The value; null if there is nothing to add.
    @Nullable String fill(Http2Headers headers, ConnectionRecord record) {
      boolean fits =
          switch (action) {
            case APPEND_IF_EXISTS_OR_ADD, OVERWRITE_IF_EXISTS_OR_ADD -> true;
            case ADD_IF_ABSENT -> !headers.contains(name);
            case OVERWRITE_IF_EXISTS -> headers.contains(name);
          };
      var text = fits ? value.fill(record) : "";
      return fits && (keepEmpty || !text.isEmpty()) ? text : null;
    }

    boolean overwrites() {
      return action == Action.OVERWRITE_IF_EXISTS_OR_ADD || action == Action.OVERWRITE_IF_EXISTS;
    }
  }

  private HeaderAdditions(Entry[] entries) {
    this.entries = entries;
  }

  /// Compiles them.
  ///
  /// @param names under which name a header is kept
  public static HeaderAdditions of(
      List<HeaderAddition> additions, Function<String, AsciiString> names) {
    return new HeaderAdditions(
        additions.stream()
            .map(it ->
                new Entry(
                    names.apply(it.name()),
                    FilledTemplate.header(it.value()),
                    it.action(),
                    it.keepEmpty()))
            .toArray(Entry[]::new));
  }

  /// Adds them.
  ///
  /// @param record what operators are about
  public void apply(Http2Headers headers, ConnectionRecord record) {
    if (entries.length == 0) {
      return;
    }
    var values = new @Nullable String[entries.length];
    for (int i = 0; i < entries.length; i++) {
      values[i] = entries[i].fill(headers, record);
    }
    for (int i = 0; i < entries.length; i++) {
      var value = values[i];
      if (value != null && entries[i].overwrites()) {
        headers.set(entries[i].name, value);
        values[i] = null;
      }
    }
    for (int i = 0; i < entries.length; i++) {
      var value = values[i];
      if (value != null) {
        headers.add(entries[i].name, value);
      }
    }
  }
}
