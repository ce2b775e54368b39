package dev.weir.tcpproxy;

import dev.weir.config.MetadataValue;
import dev.weir.config.TunnelingConfig;
import dev.weir.config.TunnelingConfig.RequestId;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.FilledTemplate;
import dev.weir.upstream.http.HeaderAdditions;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the requests of a filter's tunnels look like. Immutable; any worker.
final class TunnelRequest {
  private static final String METADATA = "envoy.filters.network.tcp_proxy";

  private final FilledTemplate hostname;
  private final @Nullable String postPath;
  private final HeaderAdditions headers;
  private final @Nullable RequestId requestId;

  TunnelRequest(TunnelingConfig config) {
    this.hostname = FilledTemplate.text(config.hostname());
    this.postPath = config.postPath();
    this.headers = HeaderAdditions.of(config.headers(), AsciiString::cached);
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
    headers.apply(head, record);
    return head;
  }

  private static void identify(RequestId config, Http2Headers head, ConnectionRecord record) {
    var id = UUID.randomUUID().toString();
    head.set(config.header(), id);
    record.addMetadata(METADATA, Map.of(config.metadataKey(), new MetadataValue.Text(id)));
  }
}
