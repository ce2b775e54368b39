package dev.weir.http.filter;

import dev.weir.config.http.HttpFilterConfig;
import dev.weir.connection.FilterConfigs;
import dev.weir.connection.FilterSlot;
import dev.weir.telemetry.ResponseFlag;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// An HTTP filter whose configuration is pushed by itself. A request keeps the filter that was in
/// force when it came; as long as there is none, requests are answered with 500. Any worker.
final class DiscoveredHttpFilter implements HttpFilterFactory {
  private final FilterSlot<HttpFilterConfig, HttpFilterFactory> slot;

  DiscoveredHttpFilter(
      HttpFilterConfig.Discovered config,
      FilterConfigs configs,
      FilterSlot.Maker<HttpFilterConfig, HttpFilterFactory> maker)
      throws IOException {
    this.slot = new FilterSlot<>(config.discovery(), configs, maker);
  }

  @Override
  public @Nullable HttpFilter create(FilterStream stream) {
    var use = slot.take();
    if (use == null) {
      return new Missing(stream);
    }
    stream.record().atEnd(use::release);
    return use.filter().create(stream);
  }

  /// Stands where a filter should be.
  private record Missing(FilterStream stream) implements HttpFilter {
    @Override
    public Step onRequestHeaders(Http2Headers headers, boolean end) {
      stream.record().flag(ResponseFlag.NFCF);
      stream.reply(LocalReply.of(500, "", ""));
      return Step.STOP;
    }
  }

  @Override
  public CompletableFuture<Void> warm() {
    return slot.warm();
  }

  @Override
  public void close() {
    slot.close();
  }
}
