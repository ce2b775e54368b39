package dev.weir.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/// A server that answers with so many bytes of text as the last part of the path says, in chunks if
/// the path says `chunked`. The request's `x-reply` says with which status and headers, as in `200
/// etag=x content-type=text/plain`. A request's body is decoded, and told in `x-got`.
final class TextBackend implements AutoCloseable {
  private final HttpServer server;

  private TextBackend() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", TextBackend::answer);
    server.start();
  }

  static TextBackend start() throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true"); // an answer goes out in two pieces
    return new TextBackend();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /// The text of an answer.
  static String text(int length) {
    return "a text that is long enough to be compressed, "
        .repeat(length / 45 + 1)
        .substring(0, length);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
      var length = exchange.getRequestHeaders().getFirst("Content-Length");
      var body = Encodings.decode(encoding, exchange.getRequestBody().readAllBytes());
      var headers = exchange.getResponseHeaders();
      headers.add(
          "x-got",
          "%s %s %d %d accepts %s"
              .formatted(
                  encoding,
                  length,
                  body.length,
                  new String(body, StandardCharsets.ISO_8859_1).hashCode(),
                  exchange.getRequestHeaders().getFirst("Accept-Encoding")));
      var told = exchange.getRequestHeaders().getFirst("X-Reply");
      var words = (told == null ? "200 content-type=text/plain" : told).split(" ", -1);
      for (int i = 1; i < words.length; i++) {
        var pair = words[i].split("=", 2);
        headers.add(pair[0], pair[1].replace('_', ' '));
      }
      var path = exchange.getRequestURI().getPath();
      var text = text(Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)));
      respond(exchange, Integer.parseInt(words[0]), text, path.contains("chunked"));
    }
  }

  private static void respond(HttpExchange exchange, int status, String text, boolean chunked)
      throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().add("content-length", Integer.toString(text.length()));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(status, chunked ? 0 : bytes.length == 0 ? -1 : bytes.length);
    var out = exchange.getResponseBody();
    for (int i = 0; i < bytes.length; i += 1000) {
      out.write(bytes, i, Math.min(1000, bytes.length - i));
      out.flush();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
