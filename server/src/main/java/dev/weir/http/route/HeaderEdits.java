package dev.weir.http.route;

import dev.weir.config.HeaderAddition;
import dev.weir.config.http.HeaderRules.Changes;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.upstream.http.HeaderAdditions;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;

/// Changes of headers, ready to be made. Immutable; any worker.
public final class HeaderEdits {
  /// Changes nothing.
  public static final HeaderEdits NONE =
      new HeaderEdits(new AsciiString[0], HeaderAdditions.of(List.of(), HeaderText::name));

  private final AsciiString[] remove;
  private final HeaderAdditions add;

  private HeaderEdits(AsciiString[] remove, HeaderAdditions add) {
    this.remove = remove;
    this.add = add;
  }

  /// Prepares changes.
  public static HeaderEdits of(Changes changes) {
    if (changes.isEmpty()) {
      return NONE;
    }
    return new HeaderEdits(
        changes.remove().stream().map(HeaderText::name).toArray(AsciiString[]::new),
        HeaderAdditions.of(changes.add(), HeaderText::name));
  }

  /// Prepares additions alone.
  public static HeaderEdits of(List<HeaderAddition> additions) {
    return of(new Changes(List.of(), additions));
  }

  /// Makes the changes.
  ///
  /// @param record what operators are about
  public void apply(Http2Headers headers, ConnectionRecord record) {
    for (var name : remove) {
      headers.remove(name);
    }
    add.apply(headers, record);
  }
}
