package dev.weir.http.filter.compressor;

import com.aayushatharva.brotli4j.encoder.Encoder;
import com.aayushatharva.brotli4j.encoder.EncoderJNI;
import com.aayushatharva.brotli4j.encoder.EncoderJNI.Operation;
import dev.weir.config.http.CompressorConfig.Coding;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/// A Brotli stream (RFC 7932), by brotli4j.
final class BrotliCoder implements BodyCoder {
  private final EncoderJNI.Wrapper encoder;

  BrotliCoder(Coding.Brotli config) {
    var mode =
        switch (config.mode()) {
          case GENERIC -> Encoder.Mode.GENERIC;
          case TEXT -> Encoder.Mode.TEXT;
          case FONT -> Encoder.Mode.FONT;
        };
    try {
      encoder =
          new EncoderJNI.Wrapper(config.chunkSize(), config.quality(), config.windowBits(), mode);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no memory for it
    }
  }

  @Override
  public void code(ByteBuffer in, ByteBuf out, boolean end) {
    while (in.hasRemaining()) {
      var room = encoder.getInputBuffer().clear();
      int bytes = Math.min(room.remaining(), in.remaining());
      room.put(in.slice(in.position(), bytes));
      in.position(in.position() + bytes);
      push(Operation.PROCESS, bytes, out);
    }
    push(end ? Operation.FINISH : Operation.FLUSH, 0, out);
  }

  private void push(Operation operation, int bytes, ByteBuf out) {
    encoder.push(operation, bytes);
    while (encoder.isSuccess() && (encoder.hasMoreOutput() || encoder.hasRemainingInput())) {
      if (encoder.hasMoreOutput()) {
        out.writeBytes(encoder.pull());
      } else {
        encoder.push(operation, 0);
      }
    }
    if (!encoder.isSuccess()) {
      throw new IllegalStateException("brotli4j failed to compress");
    }
  }

  @Override
  public void close() {
    encoder.destroy();
  }
}
