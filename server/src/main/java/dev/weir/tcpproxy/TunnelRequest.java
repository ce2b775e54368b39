package dev.weir.tcpproxy;

import dev.weir.config.MetadataValue;
import dev.weir.config.TunnelingConfig;
import dev.weir.config.TunnelingConfig.Addition;
import dev.weir.config.TunnelingConfig.RequestId;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.FilledTemplate;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the requests of a filter's tunnels look like. Immutable; any worker.
final class TunnelRequest {
  private static final String METADATA = "envoy.filters.network.tcp_proxy";

  private final FilledTemplate hostname;
  private final @Nullable String postPath;
  private final List<Header> headers;
  private final @Nullable RequestId requestId;

  /// A header with its value compiled.
  private record Header(Addition addition, FilledTemplate value) {}

  TunnelRequest(TunnelingConfig config) {
    this.hostname = FilledTemplate.text(config.hostname());
    this.postPath = config.postPath();
    this.headers =
        config.headers().stream()
            .map(addition -> new Header(addition, FilledTemplate.header(addition.value())))
            .toList();
    this.requestId = config.requestId();
  }

  /// The head of one request.
  ///
  /// @param tls whether the connection to the host is encrypted
  Http2Headers head(ConnectionRecord record, boolean tls) {
    var head = new DefaultHttp2Headers(false);
    head.method(postPath == null ? "CONNECT" : "POST");
    head.authority(hostname.fill(record));
    if (postPath != null) {
      head.path(postPath);
      head.scheme(tls ? "https" : "http");
    }
    if (requestId != null) {
      identify(requestId, head, record);
    }
    add(head, record);
    return head;
  }

  /// As on Envoy, what overwrites comes first, and only what was there before counts as being
  /// there.
  private void add(Http2Headers head, ConnectionRecord record) {
    var additions = new ArrayList<Runnable>(headers.size());
    for (var header : headers) {
      var name = header.addition.name();
      var value = header.value.fill(record);
      if (value.isEmpty() && !header.addition.keepEmpty()) {
        continue;
      }
      switch (header.addition.action()) {
        case APPEND_IF_EXISTS_OR_ADD -> additions.add(() -> head.add(name, value));
        case ADD_IF_ABSENT -> {
          if (!head.contains(name)) {
            additions.add(() -> head.add(name, value));
          }
        }
        case OVERWRITE_IF_EXISTS_OR_ADD -> head.set(name, value);
        case OVERWRITE_IF_EXISTS -> {
          if (head.contains(name)) {
            head.set(name, value);
          }
        }
      }
    }
    additions.forEach(Runnable::run);
  }

  private static void identify(RequestId config, Http2Headers head, ConnectionRecord record) {
    var id = UUID.randomUUID().toString();
    head.set(config.header(), id);
    record.addMetadata(METADATA, Map.of(config.metadataKey(), new MetadataValue.Text(id)));
  }
}
