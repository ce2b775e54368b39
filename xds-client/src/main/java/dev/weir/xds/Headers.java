package dev.weir.xds;

import dev.weir.xds.ApiConfig.Header;
import io.grpc.Metadata;
import java.util.Base64;
import java.util.List;

/// Configured headers as gRPC wants them.
final class Headers {
  private Headers() {}

  static Metadata of(List<Header> headers) {
    var metadata = new Metadata();
    for (var header : headers) {
      if (header.name().endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        var key = Metadata.Key.of(header.name(), Metadata.BINARY_BYTE_MARSHALLER);
        metadata.put(key, Base64.getDecoder().decode(header.value()));
      } else {
        var key = Metadata.Key.of(header.name(), Metadata.ASCII_STRING_MARSHALLER);
        metadata.put(key, header.value());
      }
    }
    return metadata;
  }
}
