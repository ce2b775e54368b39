package dev.weir.http.filter;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/// `istio.metadata_exchange` among HTTP filters. Nothing is told of this gateway; but a client
/// outside of the mesh cannot say either that it is some workload in it. Immutable; any worker.
final class IstioPeersFilter implements HttpFilterFactory {
  private static final AsciiString PEER = AsciiString.cached("x-envoy-peer-metadata");
  private static final AsciiString PEER_ID = AsciiString.cached("x-envoy-peer-metadata-id");

  private static final HttpFilter REMOVAL =
      new HttpFilter() {
        @Override
        public Step onRequestHeaders(Http2Headers headers, boolean end) {
          headers.remove(PEER);
          headers.remove(PEER_ID);
          return Step.CONTINUE;
        }
      };

  @Override
  public HttpFilter create(FilterStream stream) {
    return REMOVAL;
  }
}
