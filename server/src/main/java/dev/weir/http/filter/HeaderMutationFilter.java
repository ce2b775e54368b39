package dev.weir.http.filter;

import dev.weir.config.http.HttpFilterConfig.HeaderMutation;
import dev.weir.config.http.HttpFilterConfig.HeaderMutation.Edit;
import dev.weir.http.route.HeaderEdits;
import dev.weir.http.route.HeaderText;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;

/// `envoy.filters.http.header_mutation`: changes headers, as the chain says and then as the route
/// says. Immutable; any worker.
final class HeaderMutationFilter implements HttpFilterFactory {
  private final String name;
  private final Changes changes;

  HeaderMutationFilter(String name, HeaderMutation config) {
    this.name = name;
    this.changes = Changes.of(config);
  }

  /// Something that is done to headers.
  private interface Change {
    void apply(Http2Headers headers, FilterStream stream);
  }

  private record Changes(List<Change> request, List<Change> response) {
    static Changes of(HeaderMutation config) {
      return new Changes(
          config.request().stream().map(Changes::change).toList(),
          config.response().stream().map(Changes::change).toList());
    }

    private static Change change(Edit edit) {
      return switch (edit) {
        case Edit.Remove(var removed) -> {
          AsciiString key = HeaderText.name(removed);
          yield (headers, _) -> headers.remove(key);
        }
        case Edit.Add(var addition) -> {
          var step = HeaderEdits.Step.of(addition);
          yield (headers, stream) -> step.apply(headers, stream.record());
        }
      };
    }
  }

  @Override
  public HttpFilter create(FilterStream stream) {
    var own =
        stream.override(name) instanceof HeaderMutation config
            ? Changes.of(config)
            : new Changes(List.of(), List.of());
    return new HttpFilter() {
      @Override
      public Step onRequestHeaders(Http2Headers headers, boolean end) {
        changes.request.forEach(change -> change.apply(headers, stream));
        own.request.forEach(change -> change.apply(headers, stream));
        return Step.CONTINUE;
      }

      @Override
      public void onResponseHeaders(Http2Headers headers, boolean end) {
        changes.response.forEach(change -> change.apply(headers, stream));
        own.response.forEach(change -> change.apply(headers, stream));
      }
    };
  }
}
