package dev.weir.http.route;

import dev.weir.config.http.HeaderRules.Action;
import dev.weir.config.http.HeaderRules.Addition;
import dev.weir.config.http.HeaderRules.Changes;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.FilledTemplate;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;

/// Changes of headers, ready to be made. Immutable; any worker.
public final class HeaderEdits {
  /// Changes nothing.
  public static final HeaderEdits NONE = new HeaderEdits(new AsciiString[0], new Step[0]);

  private final AsciiString[] remove;
  private final Step[] add;

  private HeaderEdits(AsciiString[] remove, Step[] add) {
    this.remove = remove;
    this.add = add;
  }

  /// One header to add.
  public record Step(AsciiString name, FilledTemplate value, Action action, boolean keepEmpty) {
    /// Prepares it.
    public static Step of(Addition addition) {
      return new Step(
          HeaderText.name(addition.name()),
          FilledTemplate.header(addition.value()),
          addition.action(),
          addition.keepEmpty());
    }

    /// Makes the change.
    public void apply(Http2Headers headers, ConnectionRecord record) {
      var text = value.fill(record);
      if (text.isEmpty() && !keepEmpty) {
        return;
      }
      switch (action) {
        case APPEND_IF_EXISTS_OR_ADD -> headers.add(name, text);
        case ADD_IF_ABSENT -> {
          if (!headers.contains(name)) {
            headers.add(name, text);
          }
        }
        case OVERWRITE_IF_EXISTS_OR_ADD -> headers.set(name, text);
        case OVERWRITE_IF_EXISTS -> {
          if (headers.contains(name)) {
            headers.set(name, text);
          }
        }
      }
    }
  }

  /// Prepares changes.
  public static HeaderEdits of(Changes changes) {
    if (changes.isEmpty()) {
      return NONE;
    }
    return new HeaderEdits(
        changes.remove().stream().map(HeaderText::name).toArray(AsciiString[]::new),
        changes.add().stream().map(Step::of).toArray(Step[]::new));
  }

  /// Prepares additions alone.
  public static HeaderEdits of(List<Addition> additions) {
    return of(new Changes(List.of(), additions));
  }

  /// Makes the changes.
  ///
  /// @param record what operators are about
  public void apply(Http2Headers headers, ConnectionRecord record) {
    for (var name : remove) {
      headers.remove(name);
    }
    for (var step : add) {
      step.apply(headers, record);
    }
  }
}
