package dev.weir.upstream.call;

import java.nio.ByteBuffer;

/// What became of a call of a [GrpcMethod].
public sealed interface GrpcAnswer {

  /// It went well, and this is the message.
  record Message(ByteBuffer bytes) implements GrpcAnswer {}

  /// It did not.
  ///
  /// @param status gRPC's code
  /// @param reason for people to read
  record Failed(int status, String reason) implements GrpcAnswer {}
}
