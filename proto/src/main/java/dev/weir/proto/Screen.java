package dev.weir.proto;

import com.google.protobuf.Any;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Duration;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Looks over the bytes of one message.
@FunctionalInterface
interface Screen {
  /// Messages inside messages, beyond which nothing is looked at.
  int DEEPEST = 64;

  /// Reads all of it, up to the limit of the stream.
  ///
  /// @param depth how many messages lie around it
  /// @return whether there is nothing to be said about it; false also where that is not known
  /// @throws IOException if the bytes are no message
  boolean passes(CodedInputStream in, int depth) throws IOException;

  /// A duration, which is never negative.
  ///
  /// @param rule about its value
  static Screen duration(@Nullable ValueRule rule) {
    return (in, _) -> {
      var duration = Duration.newBuilder().mergeFrom(in).build();
      return TimeText.isPositiveOrZero(duration)
          && duration.getUnknownFields().asMap().isEmpty()
          && (rule == null || rule.broken(duration) == null);
    };
  }

  /// An `Any`, with what is inside.
  ///
  /// @param rule about its type
  static Screen any(@Nullable ValueRule rule) {
    return (in, depth) -> {
      var any = Any.newBuilder().mergeFrom(in).build();
      var prototype = WireTypes.prototypeOf(any);
      return prototype != null
          && any.getUnknownFields().asMap().isEmpty()
          && (rule == null || rule.broken(any) == null)
          && depth < DEEPEST
          && TypeScreen.of(prototype.getDescriptorForType())
              .passes(any.getValue().newCodedInput(), depth + 1);
    };
  }
}
