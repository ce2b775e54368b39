package dev.weir.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A server that is asked by HTTP whether requests may go on. It answers what the request's
/// `authorization` says: a status, and headers as `name=value`, `body=text` for a body.
final class HttpJudge implements AutoCloseable {
  private final Queue<String> questions = new ConcurrentLinkedQueue<>();
  private final HttpServer server;

  private HttpJudge() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  static HttpJudge start() throws IOException {
    return new HttpJudge();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /// All that it was asked so far, a line each.
  String questions() {
    return String.join("\n", questions);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = new TreeMap<String, Object>();
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values));
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      questions.add(
          exchange.getRequestMethod()
              + " "
              + exchange.getRequestURI()
              + " "
              + headers
              + " "
              + body);
      var told = exchange.getRequestHeaders().getFirst("Authorization");
      var words = (told == null ? "200" : told).split(" ", -1);
      var answer = "";
      for (int i = 1; i < words.length; i++) {
        var pair = words[i].split("=", 2);
        if (pair[0].equals("body")) {
          answer = pair[1];
        } else {
          exchange.getResponseHeaders().add(pair[0], pair[1]);
        }
      }
      var bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(
          Integer.parseInt(words[0]), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
