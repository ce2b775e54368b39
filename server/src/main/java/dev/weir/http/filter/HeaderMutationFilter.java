package dev.weir.http.filter;

import dev.weir.config.http.HttpFilterConfig.HeaderMutation;
import dev.weir.http.route.HeaderChanges;
import io.netty.handler.codec.http2.Http2Headers;
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

  private record Changes(HeaderChanges request, HeaderChanges response) {
    static final Changes NONE =
        new Changes(HeaderChanges.of(List.of()), HeaderChanges.of(List.of()));

    static Changes of(HeaderMutation config) {
      return new Changes(HeaderChanges.of(config.request()), HeaderChanges.of(config.response()));
    }
  }

  @Override
  public HttpFilter create(FilterStream stream) {
    var own =
        stream.override(name) instanceof HeaderMutation config ? Changes.of(config) : Changes.NONE;
    return new HttpFilter() {
      @Override
      public Step onRequestHeaders(Http2Headers headers, boolean end) {
        changes.request.apply(headers, stream.record());
        own.request.apply(headers, stream.record());
        return Step.CONTINUE;
      }

      @Override
      public void onResponseHeaders(Http2Headers headers, boolean end) {
        changes.response.apply(headers, stream.record());
        own.response.apply(headers, stream.record());
      }
    };
  }
}
