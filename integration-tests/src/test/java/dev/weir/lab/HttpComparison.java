package dev.weir.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/// Raw requests, sent to listeners `l0`, `l1` and so on of a proxy, and what comes of them.
///
/// @param bootstrap a resource; `ECHO`, `H2HOST`, `DEAD` and `RING0` to `RING2` in it stand for
///   ports
/// @param counted the counters that are looked at
/// @param logged whether the access log is looked at
/// @param pace how the requests are sent
record HttpComparison(
    String bootstrap,
    List<? extends Question> requests,
    Pattern counted,
    boolean logged,
    Pace pace) {

  /// How requests are sent.
  ///
  /// @param atOnce how many at the same time
  /// @param patience for the next byte of an answer
  record Pace(int atOnce, Duration patience) {}

  /// All that is to be the same, one thing a line.
  ///
  /// @param ring three echoes that stay the same from one proxy to the next
  List<String> observe(ProxyKind kind, List<HttpEcho> ring)
      throws IOException, InterruptedException {
    return observe(kind, ring, 0);
  }

  /// As [#observe(ProxyKind, List)].
  ///
  /// @param second the port of a server that speaks HTTP/2; 0 for none
  List<String> observe(ProxyKind kind, List<HttpEcho> ring, int second)
      throws IOException, InterruptedException {
    int dead = FreePorts.inARow(1);
    try (var echo = HttpEcho.start();
        var proxy =
            Proxy.start(
                kind,
                bootstrap(echo.port(), dead, ring).replace("H2HOST", Integer.toString(second)))) {
      var answers = ask(proxy);
      var seen = new ArrayList<String>();
      answers.forEach((name, answer) -> seen.add(name + " " + normal(answer)));
      hosts(proxy).forEach(seen::add);
      counters(proxy).forEach((name, value) -> seen.add(name + ": " + value));
      echo.recorded().stream().map(HttpComparison::normal).sorted().forEach(seen::add);
      if (logged) {
        proxy.stop();
        proxy.output().stream().map(HttpComparison::normal).sorted().forEach(seen::add);
      }
      return seen;
    }
  }

  private String bootstrap(int echo, int dead, List<HttpEcho> ring) throws IOException {
    try (var in = HttpComparison.class.getResourceAsStream(bootstrap)) {
      if (in == null) {
        throw new IOException("no " + bootstrap);
      }
      var text =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace("ECHO", Integer.toString(echo))
              .replace("DEAD", Integer.toString(dead));
      for (int i = 0; i < ring.size(); i++) {
        text = text.replace("RING" + i, Integer.toString(ring.get(i).port()));
      }
      return text;
    }
  }

  private Map<String, String> ask(Proxy proxy) throws IOException, InterruptedException {
    var ports = new ArrayList<Integer>();
    for (int i = 0; i < proxy.ports().size(); i++) {
      ports.add(proxy.port("l" + i));
    }
    var answers = new ConcurrentSkipListMap<String, String>();
    var turns = new Semaphore(pace.atOnce);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var request : requests) {
        turns.acquire();
        threads.execute(() -> {
          var key = request.name() + " @" + request.listener();
          answers.put(key, request.send(ports.get(request.listener()), pace.patience));
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
            .replaceAll("(?<=[^\r\n])\r\n[1-9a-f][0-9a-f]{0,2}\r\n(?=[^\r\n])", "") // one chunk
            .replaceAll("x{100}", "X")
            .replaceAll("(?i)date: [^\r]*", "date: D")
            .replaceAll(
                "(?i)x-envoy-upstream-service-time: \\d+", "x-envoy-upstream-service-time: N")
            .replace("x-envoy-upstream-healthchecked-cluster: \r\n", "") // Weir does not say it
            .replaceAll("~\\d+", "~N")
            .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "UUID")
            .replaceAll("(x-envoy-expected-rq-timeout-ms: )\\d+", "$1N")
            .replaceAll("(; |: )c=\"[0-9a-f]{16}\"", "$1c=HASH")
            .replaceAll("(?s)x-backend: \\w+(.*justcookie)", "x-backend: ANY$1")
            .replaceAll("(PROXY TCP4 127.0.0.1 127.0.0.1) \\d+ \\d+", "$1")
            .replaceAll(" two - \\d ", " two - N ")
            .replaceAll("127\\.0\\.0\\.1:\\d+", "ADDRESS")
            .replaceAll("(x-forwarded-port: )\\d{5}", "$1PORT")
            .replaceAll("(?i)(content-length: )\\d{3,}", "$1N")
            .replaceAll("\r\n[0-9a-f]{2,3}\r\n", "\r\nCHUNK\r\n");
    if (text.contains("GET /prev")) {
      text = text.replaceAll("x-envoy-attempt-count: \\d", "x-envoy-attempt-count: N");
    }
    int body = text.indexOf("\r\n\r\n");
    if (body < 0) {
      return text;
    }
    var lines = text.substring(0, body).split("\r\n", -1);
    Arrays.sort(lines, 1, lines.length);
    return String.join("\\", lines) + text.substring(body).replace("\r\n", "\\");
  }

  /// What is counted of the requests of each host.
  private static List<String> hosts(Proxy proxy) throws IOException {
    return proxy
        .get("/clusters")
        .lines()
        .filter(line -> line.matches("(?!two|ring|maglev).*::rq_(error|success|timeout|total)::.*"))
        .map(HttpComparison::normal)
        .sorted()
        .toList();
  }

  private Map<String, Long> counters(Proxy proxy) throws IOException {
    var stats = new TreeMap<>(proxy.stats());
    stats.keySet().removeIf(name -> !counted.matcher(name).matches());
    stats.values().removeIf(value -> value == 0);
    return stats;
  }
}
