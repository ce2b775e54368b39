package dev.weir.http.filter.compressor;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import dev.weir.config.http.CompressorConfig.Coding;
import dev.weir.telemetry.Stats;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CodedBodyTest {
  private static final byte[] DICTIONARY = "words that come often ".repeat(20).getBytes(US_ASCII);

  private static final List<Coding> CODINGS =
      List.of(
          new Coding.Gzip(6, Deflater.DEFAULT_STRATEGY, 4096),
          new Coding.Gzip(9, Deflater.HUFFMAN_ONLY, 4096),
          new Coding.Brotli(3, Coding.Brotli.Mode.GENERIC, 18, 4096),
          new Coding.Brotli(11, Coding.Brotli.Mode.FONT, 10, 4096),
          new Coding.Zstd(3, false, 0, null, 4096),
          new Coding.Zstd(19, true, 9, HexFormat.of().formatHex(DICTIONARY), 4096));

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

  @BeforeAll
  static void load() {
    Brotli4jLoader.ensureAvailability();
  }

  @Test
  void whatComesOutIsWhatWentInAndCanBeReadUpToEachPiece() throws IOException {
    for (var coding : CODINGS) {
      var whole = new ByteArrayOutputStream();
      var out = new ByteArrayOutputStream();
      try (var body = new CodedBody(coding, bytes())) {
        var pieces = pieces();
        for (int i = 0; i < pieces.size(); i++) {
          var piece = pieces.get(i);
          piece.getBytes(piece.readerIndex(), whole, piece.readableBytes());
          var coded = body.code(piece, i == pieces.size() - 1);
          coded.readBytes(out, coded.readableBytes());
          coded.release();
          // brotli4j's reader wants the whole stream.
          if (!(coding instanceof Coding.Brotli)) {
            assertEquals(
                whole.toString(US_ASCII),
                read(open(coding, out.toByteArray()), whole.size()),
                coding + " up to " + i);
          }
        }
      }
      assertEquals(
          whole.size(), open(coding, out.toByteArray()).readAllBytes().length, coding.toString());
      assertTrue(out.size() < whole.size(), coding.toString());
      assertEquals(0, allocated(), coding.toString());
    }
  }

  @Test
  void aBodyThatIsCutOffHoldsNoBuffer() {
    for (var coding : CODINGS) {
      try (var body = new CodedBody(coding, bytes())) {
        for (var piece : pieces()) {
          body.code(piece, false).release();
        }
      }
      assertEquals(0, allocated(), coding.toString());
    }
  }

  @Test
  void aPieceThatComesTooLateReachesNoLibrary() {
    for (var coding : CODINGS) {
      for (var piece : pieces()) {
        var body = new CodedBody(coding, bytes());
        body.close();
        assertSame(piece, body.code(piece, false), coding.toString());
        piece.release();
      }
      assertEquals(0, allocated(), coding.toString());
    }
  }

  @Test
  void allBuffersAreLetGoOfWhenTheLibraryFails() {
    try (var body = new CodedBody(new FailingCoder(), bytes())) {
      for (var piece : pieces()) {
        assertThrows(IllegalStateException.class, () -> body.code(piece, false));
      }
    }
    assertEquals(0, allocated());
  }

  private static final class FailingCoder implements BodyCoder {
    @Override
    public void code(ByteBuffer in, ByteBuf out, boolean end) {
      throw new IllegalStateException("fails");
    }

    @Override
    public void close() {}
  }

  private long allocated() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  private static CodedBody.Bytes bytes() {
    var stats = new Stats().scope("");
    return new CodedBody.Bytes(stats.counter("before"), stats.counter("after"));
  }

  private static String read(InputStream in, int length) throws IOException {
    var text = new StringBuilder();
    while (text.length() < length) {
      text.append((char) in.read());
    }
    return text.toString();
  }

  /// Of all kinds of buffers.
  private List<ByteBuf> pieces() {
    var parts = allocator.compositeBuffer();
    parts.addComponent(true, direct(10)).addComponent(true, heap(20_000));
    return List.of(heap(1), direct(5000), parts, heap(300), allocator.heapBuffer());
  }

  private ByteBuf direct(int length) {
    return allocator.directBuffer().writeBytes(text(length));
  }

  private ByteBuf heap(int length) {
    return allocator.heapBuffer().writeBytes(text(length));
  }

  private static byte[] text(int length) {
    return "words that come often, and "
        .repeat(length / 27 + 1)
        .substring(0, length)
        .getBytes(US_ASCII);
  }

  private static InputStream open(Coding coding, byte[] bytes) throws IOException {
    var in = new ByteArrayInputStream(bytes);
    return switch (coding) {
      case Coding.Gzip _ -> new GZIPInputStream(in);
      case Coding.Brotli _ -> new BrotliInputStream(in);
      case Coding.Zstd zstd -> {
        var reader = new ZstdInputStream(in).setContinuous(true);
        yield zstd.dictionary() == null ? reader : reader.setDict(DICTIONARY);
      }
    };
  }
}
