package dev.weir.config.http;

import dev.weir.config.Field;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.http.CompressorConfig.Direction;
import dev.weir.config.http.CompressorConfig.Library;
import dev.weir.config.http.CompressorConfig.Responses;
import dev.weir.config.http.HttpFilterConfig.CompressorOverride;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerCompressorOverrides;
import dev.weir.proto.newer.NewerCompressorResponseDirection;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.RuntimeFeatureFlag;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.CompressorPerRoute;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the configuration of the compressor.
final class CompressorDecoder {
  private static final int MIN_LENGTH = 30;
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

  static HttpFilterConfig compressor(Compressor wire, Field at) throws InvalidResourceException {
    var library = CodingDecoder.library(wire.getCompressorLibrary(), at.at("compressor_library"));
    return new HttpFilterConfig.Compressor(
        new CompressorConfig(
            library,
            direction(
                wire.hasRequestDirectionConfig(),
                wire.getRequestDirectionConfig().getCommonConfig()),
            wire.hasResponseDirectionConfig()
                ? responses(wire.getResponseDirectionConfig())
                : olderResponses(wire),
            wire.getChooseFirst()));
  }

  private static Direction direction(boolean present, Compressor.CommonDirectionConfig wire) {
    return new Direction(
        present && enabled(wire.hasEnabled(), wire.getEnabled()),
        ScalarDecoder.uint32(wire.hasMinContentLength(), wire.getMinContentLength(), MIN_LENGTH),
        types(wire.getContentTypeList()));
  }

  private static boolean enabled(boolean present, RuntimeFeatureFlag flag) {
    return !present || flag.getDefaultValue().getValue();
  }

  private static Set<String> types(List<String> wire) {
    return Set.copyOf(
        wire.isEmpty()
            ? TYPES
            : wire.stream().map(type -> type.toLowerCase(Locale.ROOT)).distinct().toList());
  }

  private static Responses responses(Compressor.ResponseDirectionConfig wire) {
    var newer = NewerFields.of(wire, NewerCompressorResponseDirection.getDefaultInstance());
    return new Responses(
        direction(true, wire.getCommonConfig()),
        true,
        wire.getDisableOnEtagHeader(),
        newer.getWeakenEtagOnCompress(),
        wire.getRemoveAcceptEncodingHeader(),
        Set.copyOf(wire.getUncompressibleResponseCodesList()),
        newer.getStatusHeaderEnabled());
  }

  @SuppressWarnings("deprecation") // the older places of the same settings
  private static Responses olderResponses(Compressor wire) {
    return new Responses(
        new Direction(
            enabled(wire.hasRuntimeEnabled(), wire.getRuntimeEnabled()),
            ScalarDecoder.uint32(wire.hasContentLength(), wire.getContentLength(), MIN_LENGTH),
            types(wire.getContentTypeList())),
        false,
        wire.getDisableOnEtagHeader(),
        false,
        wire.getRemoveAcceptEncodingHeader(),
        Set.of(),
        false);
  }

  static CompressorOverride override(CompressorPerRoute wire, Field at)
      throws InvalidResourceException {
    var overrides = wire.getOverrides();
    var response = overrides.getResponseDirectionConfig();
    var newer = NewerFields.of(overrides, NewerCompressorOverrides.getDefaultInstance());
    return new CompressorOverride(
        wire.getDisabled(),
        overrides.hasResponseDirectionConfig(),
        response.hasRemoveAcceptEncodingHeader()
            ? (Boolean) response.getRemoveAcceptEncodingHeader().getValue()
            : null,
        library(newer, at));
  }

  private static @Nullable Library library(NewerCompressorOverrides wire, Field at)
      throws InvalidResourceException {
    var there = at.at("overrides").at("compressor_library");
    return wire.hasCompressorLibrary()
        ? CodingDecoder.library(wire.getCompressorLibrary(), there)
        : null;
  }
}
