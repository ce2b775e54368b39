package dev.weir.config;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads what a rate limit service answers.
public final class RateLimitAnswerDecoder {
  private RateLimitAnswerDecoder() {}

  /// Reads a message; null if it is none.
  public static @Nullable RateLimitAnswer decode(ByteBuffer message) {
    try {
      var wire = RateLimitResponse.parseFrom(message.slice());
      return new RateLimitAnswer(
          wire.getOverallCode() == RateLimitResponse.Code.OVER_LIMIT,
          MetadataDecoder.fields(wire.getDynamicMetadata()));
    } catch (InvalidProtocolBufferException _) {
      return null;
    }
  }
}
