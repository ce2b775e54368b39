package dev.weir.upstream.health;

import dev.weir.upstream.health.ProbeOutcome.Failed;
import dev.weir.upstream.health.ProbeOutcome.Passed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/// Judges the answer to `grpc.health.v1.Health/Check`: one message that says `SERVING`, and the
/// status OK. Its worker only.
final class GrpcJudge implements AnswerJudge {
  private static final int PREFIX = 5;
  private static final int SERVING = 1;
  private static final int LONGEST = 1024;

  private final byte[] message = new byte[LONGEST];
  private int length;
  private boolean tooLong;
  private int status;
  private boolean grpc;

  /// The request's body: a message with the service's name, in gRPC's framing.
  static byte[] request(String service) {
    var name = service.getBytes(StandardCharsets.UTF_8);
    var out = Unpooled.buffer();
    if (name.length > 0) {
      out.writeByte(0x0a); // field 1, with its length before it
      int rest = name.length;
      while (rest > 0x7f) {
        out.writeByte((rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      out.writeByte(rest).writeBytes(name);
    }
    var framed = Unpooled.buffer();
    framed.writeByte(0).writeInt(out.readableBytes()).writeBytes(out);
    var bytes = new byte[framed.readableBytes()];
    framed.readBytes(bytes);
    return bytes;
  }

  @Override
  public void begin(int code, Headers headers) {
    status = code;
    var type = headers.get("content-type");
    grpc = type != null && type.toString().startsWith("application/grpc");
  }

  @Override
  public void body(ByteBuf data) {
    int more = data.readableBytes();
    if (more > LONGEST - length) {
      tooLong = true;
      return;
    }
    data.getBytes(data.readerIndex(), message, length, more);
    length += more;
  }

  @Override
  public ProbeOutcome end(Headers trailers) {
    var code = trailers.get("grpc-status");
    boolean ok = status == 200 && grpc && code != null && "0".contentEquals(code);
    return ok && !tooLong && serves() ? new Passed(false) : Failed.answer(status);
  }

  /// Whether the one message has `status: SERVING`, its field 1.
  private boolean serves() {
    if (length < PREFIX || message[0] != 0) {
      return false;
    }
    var reader = Unpooled.wrappedBuffer(message, 1, length - 1);
    if (reader.readInt() != reader.readableBytes()) {
      return false;
    }
    long answer = 0;
    while (reader.isReadable()) {
      long tag = varint(reader);
      switch ((int) tag & 7) {
        case 0 -> {
          long value = varint(reader);
          answer = tag >>> 3 == 1 ? value : answer;
        }
        case 1 -> skip(reader, 8);
        case 2 -> skip(reader, varint(reader));
        case 5 -> skip(reader, 4);
        default -> {
          return false;
        }
      }
    }
    return answer == SERVING;
  }

  private static long varint(ByteBuf reader) {
    long value = 0;
    for (int shift = 0; shift < 64 && reader.isReadable(); shift += 7) {
      byte next = reader.readByte();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        break;
      }
    }
    return value;
  }

  private static void skip(ByteBuf reader, long bytes) {
    reader.skipBytes(Math.clamp(bytes, 0, reader.readableBytes()));
  }
}
