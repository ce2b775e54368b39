package dev.weir.telemetry;

import dev.weir.config.LogTemplate.Part.Command;
import java.util.function.ToLongFunction;

/// How much went where, in bytes.
final class ByteFacts {
  private ByteFacts() {}

  static Fact of(Command command) {
    return switch (command.operator()) {
      case BYTES_RECEIVED, DOWNSTREAM_WIRE_BYTES_RECEIVED ->
          Facts.number(record -> record.bytesReceived);
      case BYTES_SENT, DOWNSTREAM_WIRE_BYTES_SENT -> Facts.number(record -> record.bytesSent);
      case UPSTREAM_WIRE_BYTES_RECEIVED -> upstream(side -> side.bytesReceived);
      case UPSTREAM_WIRE_BYTES_SENT -> upstream(side -> side.bytesSent);
      case UPSTREAM_HEADER_BYTES_RECEIVED, UPSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED ->
          upstream(side -> side.headerBytesReceived);
      case UPSTREAM_HEADER_BYTES_SENT, UPSTREAM_DECOMPRESSED_HEADER_BYTES_SENT ->
          upstream(side -> side.headerBytesSent);
      case BYTES_RETRANSMITTED, PACKETS_RETRANSMITTED -> Facts.number(_ -> 0); // of QUIC only
      default -> throw Facts.misplaced(command);
    };
  }

  private static Fact upstream(ToLongFunction<UpstreamRecord> value) {
    return Facts.number(record -> record.upstream == null ? 0 : value.applyAsLong(record.upstream));
  }
}
