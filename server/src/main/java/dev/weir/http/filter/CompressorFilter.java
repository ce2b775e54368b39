package dev.weir.http.filter;

import dev.weir.config.http.HttpFilterConfig;
import dev.weir.config.http.HttpFilterConfig.CompressorOverride;
import dev.weir.http.Names;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.StatScope;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/// `envoy.filters.http.compressor`: compresses responses for clients that accept it. Immutable; any
/// worker.
final class CompressorFilter implements HttpFilterFactory {
  private static final AsciiString CACHE_CONTROL = AsciiString.cached("cache-control");
  private static final AsciiString CONTENT_ENCODING = AsciiString.cached("content-encoding");
  private static final AsciiString ETAG = AsciiString.cached("etag");
  private static final AsciiString VARY = AsciiString.cached("vary");

  private final String name;
  private final HttpFilterConfig.Compressor config;
  private final Counter compressed;
  private final Counter notCompressed;
  private final Counter before;
  private final Counter after;

  CompressorFilter(String name, HttpFilterConfig.Compressor config, StatScope scope) {
    this.name = name;
    this.config = config;
    var library = config.library();
    var prefix = "compressor." + library.name() + "." + library.encoding() + ".response.";
    compressed = scope.counter(prefix + "compressed");
    notCompressed = scope.counter(prefix + "not_compressed");
    before = scope.counter(prefix + "total_uncompressed_bytes");
    after = scope.counter(prefix + "total_compressed_bytes");
  }

  @Override
  public @Nullable HttpFilter create(FilterStream stream) {
    boolean off =
        stream.override(name) instanceof CompressorOverride told
            ? told.disabled()
            : !config.enabled();
    return off ? null : new One();
  }

  private final class One implements HttpFilter {
    private boolean accepted;
    private boolean head;
    private @Nullable Gzip gzip;

    @Override
    public Step onRequestHeaders(Http2Headers headers, boolean end) {
      accepted = accepts(headers.get(Names.ACCEPT_ENCODING), config.library().encoding());
      head = "HEAD".contentEquals(headers.method());
      if (config.removeAcceptEncoding()) {
        headers.remove(Names.ACCEPT_ENCODING);
      }
      return Step.CONTINUE;
    }

    @Override
    public void onResponseHeaders(Http2Headers headers, boolean end) {
      if (!isCompressible(headers)) {
        notCompressed.increment();
        return;
      }
      addVary(headers);
      if (end || head || !accepted) {
        notCompressed.increment();
        return;
      }
      compressed.increment();
      headers.remove(Names.CONTENT_LENGTH);
      headers.set(CONTENT_ENCODING, config.library().encoding());
      var etag = headers.get(ETAG);
      if (etag != null && !etag.toString().startsWith("W/")) {
        headers.remove(ETAG); // the bytes are others now
      }
      gzip = new Gzip(config.library().level());
    }

    private boolean isCompressible(Http2Headers headers) {
      var length = headers.get(Names.CONTENT_LENGTH);
      var type = headers.get(Names.CONTENT_TYPE);
      var cache = headers.get(CACHE_CONTROL);
      int status = Integer.parseInt(String.valueOf(headers.status()));
      return !headers.contains(CONTENT_ENCODING)
          && (length == null || Long.parseLong(length.toString()) >= config.minLength())
          && (type == null || config.types().contains(plain(type)))
          && (cache == null || !cache.toString().contains("no-transform"))
          && !(config.disableOnEtag() && headers.contains(ETAG))
          && !config.uncompressibleStatuses().contains(status)
          && status >= 200
          && status != 204
          && status != 304;
    }

    private static String plain(CharSequence type) {
      var text = type.toString();
      int end = text.indexOf(';');
      return (end < 0 ? text : text.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static void addVary(Http2Headers headers) {
      var vary = headers.get(VARY);
      if (vary == null) {
        headers.set(VARY, "Accept-Encoding");
      } else if (!vary.toString().toLowerCase(Locale.ROOT).contains("accept-encoding")) {
        headers.set(VARY, vary + ", Accept-Encoding");
      }
    }

    @Override
    public ByteBuf onResponseData(ByteBuf data, boolean end) {
      var running = gzip;
      if (running == null) {
        return data;
      }
      before.add(data.readableBytes());
      var out = data.alloc().buffer(Math.max(64, data.readableBytes() / 2));
      try {
        running.compress(data, out, end);
      } finally {
        data.release();
      }
      after.add(out.readableBytes());
      return out;
    }

    @Override
    public void onDestroy() {
      if (gzip != null) {
        gzip.close();
      }
    }
  }

  /// Whether a client accepts an encoding, with a quality above 0. Source: RFC 9110, section
  /// 12.5.3.
  static boolean accepts(@Nullable CharSequence header, String encoding) {
    if (header == null) {
      return false;
    }
    boolean any = false;
    for (var word : header.toString().toLowerCase(Locale.ROOT).split(",", -1)) {
      var parts = word.strip().split(";", -1);
      boolean refused = parts.length > 1 && parts[1].strip().matches("q=0(\\.0*)?");
      if (parts[0].strip().equals(encoding)) {
        return !refused;
      }
      any |= parts[0].strip().equals("*") && !refused;
    }
    return any;
  }

  /// A gzip stream (RFC 1952). Its worker only.
  private static final class Gzip implements AutoCloseable {
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final int ROOM = 8192;

    private final Deflater deflater;
    private final CRC32 crc = new CRC32();
    private final byte[] room = new byte[ROOM];
    private boolean begun;
    private long length;

    Gzip(int level) {
      deflater = new Deflater(level, true);
    }

    void compress(ByteBuf in, ByteBuf out, boolean end) {
      if (!begun) {
        begun = true;
        out.writeBytes(HEADER);
      }
      var bytes = new byte[in.readableBytes()];
      in.readBytes(bytes);
      crc.update(bytes);
      length += bytes.length;
      deflater.setInput(bytes);
      if (end) {
        deflater.finish();
        while (!deflater.finished()) {
          out.writeBytes(room, 0, deflater.deflate(room));
        }
        out.writeIntLE((int) crc.getValue()).writeIntLE((int) length);
        return;
      }
      int written;
      do {
        written = deflater.deflate(room, 0, ROOM, Deflater.SYNC_FLUSH);
        out.writeBytes(room, 0, written);
      } while (written == ROOM);
    }

    @Override
    public void close() {
      deflater.end();
    }
  }
}
