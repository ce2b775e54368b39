package dev.weir.xds;

import dev.weir.xds.ApiConfig.Header;
import io.grpc.Metadata;
import java.io.IOException;
import java.util.Base64;
import java.util.List;

/// Configured headers as gRPC wants them.
final class Headers {
  private Headers() {}

  /// @throws IOException if a name or a value cannot be a header's
  static Metadata of(List<Header> headers) throws IOException {
    var metadata = new Metadata();
    for (var header : headers) {
      try {
        add(header, metadata);
      } catch (IllegalArgumentException e) {
        throw new IOException("header '" + header.name() + "': " + e.getMessage(), e);
      }
    }
    return metadata;
  }

  private static void add(Header header, Metadata metadata) {
    if (header.name().endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      var key = Metadata.Key.of(header.name(), Metadata.BINARY_BYTE_MARSHALLER);
      metadata.put(key, Base64.getDecoder().decode(header.value()));
    } else {
      var key = Metadata.Key.of(header.name(), Metadata.ASCII_STRING_MARSHALLER);
      metadata.put(key, header.value());
    }
  }
}
