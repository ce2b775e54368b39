package dev.weir.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A request of HTTP/2 that is sent frame by frame, right or wrong.
///
/// @param bytes the preface and all that follows, in ISO 8859-1
record Http2Request(String name, int listener, String bytes) implements Question {
  private static final int LEAST = 9;

  /// All requests of a resource. A line has a name, listeners by number, the fields of the head
  /// (after `GET /path`, which stands for four of them), and what follows the head: `.` for
  /// nothing, which ends the stream, or a list of `data x`, `trailers a: b` and `end`.
  static List<Http2Request> load(String resource) throws IOException {
    var requests = new ArrayList<Http2Request>();
    try (var in = Http2Request.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("no " + resource);
      }
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (var line : text.lines().filter(it -> !it.startsWith("#")).toList()) {
        var parts = line.split(" \\| ", 4);
        for (var listener : parts[1].split(",", -1)) {
          requests.add(
              new Http2Request(parts[0], Integer.parseInt(listener), bytes(parts[2], parts[3])));
        }
      }
    }
    return requests;
  }

  private static String bytes(String head, String rest) {
    var frames = Http2Frames.preface();
    boolean end = rest.equals(".");
    frames.head(1, end, fields(head));
    if (!end) {
      for (var item : rest.split(" ; ", -1)) {
        var words = item.split(" ", 2);
        switch (words[0]) {
          case "data" ->
              frames.frame(
                  Http2Frames.DATA, 0, 1, RawRequest.unescape(words[1]).getBytes(ISO_8859_1));
          case "trailers" -> frames.head(1, true, fields(words[1]));
          case "head" -> frames.head(1, false, fields(words[1]));
          case "end" -> frames.frame(Http2Frames.DATA, Http2Frames.END_STREAM, 1);
          default -> throw new IllegalArgumentException(item);
        }
      }
    }
    return new String(frames.bytes(), ISO_8859_1);
  }

  private static List<String> fields(String text) {
    var fields = new ArrayList<String>();
    for (var item : text.split(" ; ", -1)) {
      int space = item.indexOf(' ');
      if (item.matches("[A-Z]+ /.*")) {
        fields.addAll(List.of(":method", item.substring(0, space)));
        fields.addAll(List.of(":scheme", "http", ":authority", "h.com"));
        fields.addAll(List.of(":path", RawRequest.unescape(item.substring(space + 1))));
      } else {
        int colon = item.indexOf(": ");
        fields.add(RawRequest.unescape(item.substring(0, colon)));
        fields.add(RawRequest.unescape(item.substring(colon + 2)));
      }
    }
    return fields;
  }

  @Override
  public String send(int port, Duration patience) {
    var answer = new Answer();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) patience.toMillis());
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      answer.read(socket);
      return answer.text();
    } catch (SocketTimeoutException _) {
      return "silent " + answer.text();
    } catch (IOException | Http2Exception _) {
      return answer.text();
    }
  }

  /// What has come back so far.
  private static final class Answer {
    private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false);
    private final StringBuilder head = new StringBuilder();
    private final StringBuilder body = new StringBuilder();
    private String end = "refused";

    /// Reads until the stream is over, or the connection.
    void read(Socket socket) throws IOException, Http2Exception {
      var in = new DataInputStream(socket.getInputStream());
      boolean over = false;
      while (!over) {
        var header = in.readNBytes(LEAST);
        if (header.length < LEAST) {
          return;
        }
        int length = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff);
        over = take(header[3], header[4], header[8], in.readNBytes(length));
      }
    }

    private boolean take(int type, int flags, int stream, byte[] payload) throws Http2Exception {
      if (stream != 1) {
        return false;
      }
      boolean last = (flags & Http2Frames.END_STREAM) != 0;
      switch (type) {
        case Http2Frames.HEADERS ->
            hpack
                .decodeHeaders(stream, Unpooled.wrappedBuffer(payload))
                .forEach(field ->
                    head.append(field.getKey())
                        .append(": ")
                        .append(field.getValue())
                        .append("\r\n"));
        case Http2Frames.DATA -> body.append(new String(payload, ISO_8859_1));
        case Http2Frames.RST_STREAM -> {
          end = head.isEmpty() ? "refused" : "reset " + payload[3];
          return true;
        }
        default -> {
          return false;
        }
      }
      if (last) {
        end = "answered";
      }
      return last;
    }

    String text() {
      return end + " HTTP/2\r\n" + head + "\r\n" + body;
    }
  }
}
