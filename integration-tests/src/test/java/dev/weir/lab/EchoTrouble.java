package dev.weir.lab;

import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a path may ask an [HttpEcho] to do wrong: `hang` (no answer), `drip` (half an answer),
/// `cut=` (an answer that breaks off), `fail=N` (the status only for the first N requests of their
/// kind; `then`, and what follows it, is for those behind), `again`, `limited`, `canary`,
/// `after=N`, `grpc=N` (headers), `to=URL`, `to303=URL`, `to307=URL` (redirects, the rest of the
/// path being the URL).
final class EchoTrouble {
  private static final Pattern REDIRECT = Pattern.compile("[?&]to(303|307)?=(.*)");
  private static final Pattern FAIL = Pattern.compile("fail=(\\d+)");
  private static final Pattern CUT = Pattern.compile("cut=(\\w+)");
  private static final Pattern AFTER = Pattern.compile("after=(\\d+)");
  private static final Pattern GRPC = Pattern.compile("grpc=(\\d+)");
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  private static final Map<String, String> CUTS =
      Map.of(
          "line", "HTTP/1.",
          "head", OK + "x-a: b",
          "headers", OK + "content-length: 9\r\n\r\n",
          "body", OK + "content-length: 9\r\n\r\nhi",
          "chunk", OK + "transfer-encoding: chunked\r\n\r\n5\r\nhe",
          "chunkend", OK + "transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
          "rsthead", OK + "x-a: b",
          "rstbody", OK + "content-length: 9\r\n\r\nhi");

  private final Map<String, Integer> asked = new ConcurrentHashMap<>();

  /// Gives a bad answer, or none.
  ///
  /// @return whether that was it
  boolean make(String line, String headers, Socket client) throws IOException {
    var cut = CUT.matcher(line);
    if (cut.find()) {
      HttpEcho.send(client, CUTS.getOrDefault(cut.group(1), ""));
      if (cut.group(1).startsWith("rst")) {
        pause(); // or else what was sent is thrown away with the reset
        client.setSoLinger(true, 0);
      }
      return true;
    }
    boolean drip = line.contains("drip");
    if (drip) {
      HttpEcho.send(client, OK + "content-length: 20\r\n\r\nhello");
    }
    if (drip || line.contains("hang")) {
      client.getInputStream().skip(Long.MAX_VALUE); // until the proxy has enough
      return true;
    }
    return false;
  }

  private static void pause() {
    try {
      Thread.sleep(300);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether a request of this kind has failed as often as it is to.
  boolean isOver(String line, String request) {
    var fail = FAIL.matcher(line);
    if (!fail.find()) {
      return false;
    }
    var key = line + request.replaceFirst("(?s).*x-key: (\\S+?)[,\\]].*", " $1");
    key = request.contains("x-key") ? key : line;
    return asked.merge(key, 1, Integer::sum) > Integer.parseInt(fail.group(1));
  }

  /// What a path asks for behind those requests that fail.
  static String after(String path) {
    int then = path.indexOf("then");
    return then < 0 ? "" : path.substring(then);
  }

  /// The status line and the location of a redirect; null if none is asked for.
  static @Nullable String location(String path) {
    var redirect = REDIRECT.matcher(path);
    if (!redirect.find()) {
      return null;
    }
    var status = redirect.group(1) == null ? "302" : redirect.group(1);
    return status + " X\r\nx-copied: yes\r\nlocation: " + redirect.group(2) + "\r\n";
  }

  /// What else is in the head of an answer.
  static String headers(String path) {
    var grpc = GRPC.matcher(path);
    var after = AFTER.matcher(path);
    return (path.contains("again") ? "x-again: 1\r\n" : "")
        + (path.contains("canary") ? "x-envoy-upstream-canary: true\r\n" : "")
        + (after.find() ? "retry-after: " + after.group(1) + "\r\n" : "")
        + (path.contains("limited") ? "x-envoy-ratelimited: true\r\n" : "")
        + (grpc.find()
            ? "content-type: application/grpc\r\ngrpc-status: " + grpc.group(1) + "\r\n"
            : "");
  }
}
