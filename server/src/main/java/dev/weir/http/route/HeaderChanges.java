package dev.weir.http.route;

import dev.weir.config.http.HttpFilterConfig.HeaderMutation.Edit;
import dev.weir.telemetry.ConnectionRecord;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Changes of headers that are made in the order in which they are told. Immutable; any worker.
public final class HeaderChanges {
  private final One[] all;

  private HeaderChanges(One[] all) {
    this.all = all;
  }

  /// @param addition null to remove the header
  private record One(AsciiString name, @Nullable HeaderEdits addition) {}

  /// Prepares changes.
  public static HeaderChanges of(List<Edit> edits) {
    return new HeaderChanges(
        edits.stream()
            .map(edit ->
                switch (edit) {
                  case Edit.Remove(var removed) -> new One(HeaderText.name(removed), null);
                  case Edit.Add(var addition) ->
                      new One(HeaderText.name(addition.name()), HeaderEdits.of(List.of(addition)));
                })
            .toArray(One[]::new));
  }

  /// Makes them.
  ///
  /// @param record what operators are about
  public void apply(Http2Headers headers, ConnectionRecord record) {
    for (var one : all) {
      if (one.addition == null) {
        headers.remove(one.name);
      } else {
        one.addition.apply(headers, record);
      }
    }
  }
}
