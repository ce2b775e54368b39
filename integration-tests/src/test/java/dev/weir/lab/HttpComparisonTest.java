package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Hundreds of raw HTTP/1 requests, ordinary, odd and hostile, on Envoy and on Weir: the answers
/// have to be the same, headers, bodies and the end of the connection included, and so does what is
/// logged and counted.
class HttpComparisonTest {
  private static final String BOOTSTRAP = "/http/bootstrap.yaml";
  private static final int AT_ONCE = 100;

  /// Counters of what clients see.
  private static final Pattern COUNTED =
      Pattern.compile(
          "http\\.h[013]\\.(downstream_rq_[12345]xx|downstream_rq_completed"
              + "|rq_total|rq_direct_response|no_route|no_cluster|fault\\..*|cors\\..*"
              + "|downstream_rq_failed_path_normalization|downstream_rq_non_relative_path)");

  @Test
  void everyRequestIsAnsweredTheSame() throws IOException, InterruptedException {
    var requests = RawRequest.load("/http/requests.txt");
    var expected = observe(ProxyKind.ENVOY, requests);
    var actual = observe(ProxyKind.WEIR, requests);
    assertEquals(String.join("\n", expected), String.join("\n", actual));
  }

  private static List<String> observe(ProxyKind kind, List<RawRequest> requests)
      throws IOException, InterruptedException {
    int dead;
    try (var refusing = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      dead = refusing.getLocalPort();
    }
    try (var echo = HttpEcho.start();
        var proxy = Proxy.start(kind, bootstrap(echo.port(), dead))) {
      var answers = ask(proxy, requests);
      var seen = new ArrayList<String>();
      answers.forEach((name, answer) -> seen.add(name + " " + normal(answer)));
      counters(proxy).forEach((name, value) -> seen.add(name + ": " + value));
      return seen;
    }
  }

  private static String bootstrap(int echo, int dead) throws IOException {
    try (var in = HttpComparisonTest.class.getResourceAsStream(BOOTSTRAP)) {
      if (in == null) {
        throw new IOException("no " + BOOTSTRAP);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("ECHO", Integer.toString(echo))
          .replace("DEAD", Integer.toString(dead));
    }
  }

  private static Map<String, String> ask(Proxy proxy, List<RawRequest> requests)
      throws IOException, InterruptedException {
    var ports = new ArrayList<Integer>();
    for (int i = 0; i < 4; i++) {
      ports.add(proxy.port("l" + i));
    }
    var answers = new ConcurrentSkipListMap<String, String>();
    var turns = new Semaphore(AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var request : requests) {
        turns.acquire();
        threads.execute(() -> {
          var key = request.name() + " @" + request.listener();
          answers.put(key, request.send(ports.get(request.listener())));
          turns.release();
        });
      }
    }
    return answers;
  }

  /// An answer without what differs from one to the next, its headers sorted.
  private static String normal(String answer) {
    var text =
        answer
            .replaceAll("(?i)date: [^\r]*", "date: D")
            .replaceAll(
                "(?i)x-envoy-upstream-service-time: \\d+", "x-envoy-upstream-service-time: N")
            .replace("x-envoy-upstream-healthchecked-cluster: \r\n", "") // Weir does not say it
            .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "UUID")
            .replaceAll("127\\.0\\.0\\.1:\\d+", "ADDRESS")
            .replaceAll("(x-forwarded-port: )\\d{5}", "$1PORT")
            .replaceAll("(?i)(content-length: )\\d{3,}", "$1N")
            .replaceAll("\r\n[0-9a-f]{2,3}\r\n", "\r\nCHUNK\r\n");
    int body = text.indexOf("\r\n\r\n");
    if (body < 0) {
      return text;
    }
    var lines = text.substring(0, body).split("\r\n", -1);
    Arrays.sort(lines, 1, lines.length);
    return String.join("\\", lines) + text.substring(body).replace("\r\n", "\\");
  }

  private static Map<String, Long> counters(Proxy proxy) throws IOException {
    var counted = new TreeMap<>(proxy.stats());
    counted.keySet().removeIf(name -> !COUNTED.matcher(name).matches());
    counted.values().removeIf(value -> value == 0);
    return counted;
  }
}
