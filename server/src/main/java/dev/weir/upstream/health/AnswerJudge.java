package dev.weir.upstream.health;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Judges one HTTP answer while it comes. Its worker only.
interface AnswerJudge {

  /// Finds headers by their names in lower case.
  interface Headers {
    @Nullable CharSequence get(String name);
  }

  /// The answer begins.
  void begin(int status, Headers headers);

  /// A part of its body; stays the caller's.
  void body(ByteBuf data);

  /// The answer is complete.
  ///
  /// @param trailers perhaps none at all; those of an answer without a body are its headers
  ProbeOutcome end(Headers trailers);
}
