package dev.weir.config.http;

import dev.weir.config.ExtensionDecoder;
import dev.weir.config.Field;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.http.HttpFilterConfig.Compressor.Library;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.extensions.compression.brotli.compressor.v3.Brotli;
import io.envoyproxy.envoy.extensions.compression.gzip.compressor.v3.Gzip;
import io.envoyproxy.envoy.extensions.compression.zstd.compressor.v3.Zstd;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the configuration of the compressor.
final class CompressorDecoder {
  private static final int MIN_LENGTH = 30;
  private static final int GZIP_LEVEL = 6;
  private static final List<String> TYPES =
      List.of(
          "text/html",
          "text/plain",
          "text/css",
          "application/javascript",
          "application/x-javascript",
          "text/javascript",
          "text/x-javascript",
          "text/ecmascript",
          "text/js",
          "text/jscript",
          "text/x-js",
          "application/ecmascript",
          "application/x-json",
          "application/xml",
          "application/json",
          "image/svg+xml",
          "text/xml",
          "application/xhtml+xml",
          "application/grpc-web",
          "application/grpc-web+proto",
          "application/grpc-web+json",
          "application/grpc-web+thrift");

  private CompressorDecoder() {}

  @SuppressWarnings("deprecation") // the older places of the same settings are read too
  static HttpFilterConfig compressor(Compressor wire, Field at) throws InvalidResourceException {
    var libraryAt = at.at("compressor_library");
    var library = library(wire, libraryAt);
    if (library == null) {
      libraryAt.warn("only gzip is supported; the filter is left out, and nothing is compressed");
      return new HttpFilterConfig.Absent(wire.getDescriptorForType().getFullName());
    }
    at.withoutEffect(wire.hasRequestDirectionConfig(), "request_direction_config");
    at.withoutEffect(wire.getChooseFirst(), "choose_first");
    boolean nested = wire.hasResponseDirectionConfig();
    var response = wire.getResponseDirectionConfig();
    var common = response.getCommonConfig();
    var types = nested ? common.getContentTypeList() : wire.getContentTypeList();
    return new HttpFilterConfig.Compressor(
        library,
        nested
            ? ScalarDecoder.uint32(
                common.hasMinContentLength(), common.getMinContentLength(), MIN_LENGTH)
            : ScalarDecoder.uint32(wire.hasContentLength(), wire.getContentLength(), MIN_LENGTH),
        Set.copyOf(new HashSet<>(types.isEmpty() ? TYPES : types)),
        nested ? response.getDisableOnEtagHeader() : wire.getDisableOnEtagHeader(),
        nested ? response.getRemoveAcceptEncodingHeader() : wire.getRemoveAcceptEncodingHeader(),
        Set.copyOf(new HashSet<>(response.getUncompressibleResponseCodesList())),
        nested
            ? !common.hasEnabled() || common.getEnabled().getDefaultValue().getValue()
            : !wire.hasRuntimeEnabled() || wire.getRuntimeEnabled().getDefaultValue().getValue());
  }

  /// @return null for one that we do not have, without which every answer is as good
  private static @Nullable Library library(Compressor wire, Field at)
      throws InvalidResourceException {
    var extension = wire.getCompressorLibrary();
    var name = extension.getName();
    return switch (ExtensionDecoder.unpack(extension, at)) {
      case Gzip gzip -> new Library("gzip", name, gzipLevel(gzip));
      case Brotli _, Zstd _ -> null;
      default ->
          throw ExtensionDecoder.unregistered(name, extension.getTypedConfig().getTypeUrl(), at);
    };
  }

  private static int gzipLevel(Gzip wire) {
    return switch (wire.getCompressionLevel()) {
      case DEFAULT_COMPRESSION, UNRECOGNIZED -> GZIP_LEVEL;
      default -> wire.getCompressionLevelValue();
    };
  }
}
