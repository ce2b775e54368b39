package dev.weir.http.filter.compressor;

import dev.weir.config.http.CompressorConfig;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.StatScope;

/// What a compressor counts. Immutable; any worker.
record CompressorStats(Way requests, Way responses, Headers headers) {

  /// Bodies that go one way.
  record Way(Counter compressed, Counter notCompressed, Counter tooSmall, CodedBody.Bytes bytes) {
    private static Way of(StatScope scope, String prefix) {
      return new Way(
          scope.counter(prefix + "compressed"),
          scope.counter(prefix + "not_compressed"),
          scope.counter(prefix + "content_length_too_small"),
          new CodedBody.Bytes(
              scope.counter(prefix + "total_uncompressed_bytes"),
              scope.counter(prefix + "total_compressed_bytes")));
    }
  }

  /// What clients say that they accept.
  record Headers(
      Counter missing,
      Counter identity,
      Counter notValid,
      Counter any,
      Counter used,
      Counter overshadowed,
      Counter etag) {
    private static Headers of(StatScope scope, String prefix) {
      return new Headers(
          scope.counter(prefix + "no_accept_header"),
          scope.counter(prefix + "header_identity"),
          scope.counter(prefix + "header_not_valid"),
          scope.counter(prefix + "header_wildcard"),
          scope.counter(prefix + "header_compressor_used"),
          scope.counter(prefix + "header_compressor_overshadowed"),
          scope.counter(prefix + "not_compressed_etag"));
    }

    void count(EncodingChoice choice, boolean ours) {
      var counter =
          switch (choice.reason()) {
            case IDENTITY -> identity;
            case NOT_VALID -> notValid;
            case ANY -> any;
            case NAMED -> ours ? used : overshadowed;
          };
      counter.increment();
    }
  }

  static CompressorStats of(CompressorConfig config, StatScope scope) {
    var library = config.library();
    var prefix = "compressor." + library.name() + "." + library.coding().statName() + ".";
    var responses = config.responses().ownCounters() ? prefix + "response." : prefix;
    return new CompressorStats(
        Way.of(scope, prefix + "request."), Way.of(scope, responses), Headers.of(scope, prefix));
  }
}
