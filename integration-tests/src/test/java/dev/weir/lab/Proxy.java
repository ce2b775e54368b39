package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// A proxy in a process of its own, Weir or Envoy. Its bootstrap is to have all listeners at port
/// 0; the admin interface is added here.
final class Proxy implements AutoCloseable {

  private static final Pattern STAT = Pattern.compile("(.*): (\\d+)");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final ProxyKind kind;
  private final Path folder;
  private final Process process;

  private Proxy(ProxyKind kind, Path folder, Process process) {
    this.kind = kind;
    this.folder = folder;
    this.process = process;
  }

  /// Starts a proxy and waits until it is ready.
  ///
  /// @param bootstrap YAML, without `admin`
  /// @param flags beside those that every proxy here gets
  static Proxy start(ProxyKind kind, String bootstrap, String... flags) throws IOException {
    return ready(launch(kind, bootstrap, flags));
  }

  /// As [#start], of a Weir with a system property, `-Dname=value`.
  static Proxy startWith(String property, String bootstrap) throws IOException {
    var command = new ArrayList<>(ProxyKind.WEIR.command());
    command.add(1, property);
    return ready(launch(ProxyKind.WEIR, command, bootstrap));
  }

  private static Proxy ready(Proxy proxy) throws IOException {
    var kind = proxy.kind;
    try {
      Await.until(kind + " ready", () -> proxy.exited() || proxy.get("/ready").equals("LIVE\n"));
      if (proxy.exited()) {
        throw new AssertionError(kind + " did not start:\n" + proxy.errors());
      }
      return proxy;
    } catch (AssertionError e) {
      proxy.process.destroyForcibly();
      throw e;
    }
  }

  /// Starts a proxy, and does not wait.
  static Proxy launch(ProxyKind kind, String bootstrap, String... flags) throws IOException {
    return launch(kind, kind.command(), bootstrap, flags);
  }

  private static Proxy launch(
      ProxyKind kind, List<String> program, String bootstrap, String... flags) throws IOException {
    var folder =
        Files.createTempDirectory(
            Files.createDirectories(LabModule.target().resolve("proxies")), "p");
    Files.writeString(folder.resolve("bootstrap.yaml"), ADMIN + bootstrap);
    var command = new ArrayList<>(program);
    command.addAll(List.of("-c", "bootstrap.yaml", "--admin-address-path", "admin"));
    command.addAll(List.of("--concurrency", "1", "--use-dynamic-base-id"));
    command.addAll(List.of(flags));
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("stdout").toFile())
            .redirectError(folder.resolve("stderr").toFile())
            .start();
    return new Proxy(kind, folder, process);
  }

  private static final String ADMIN =
      """
      admin: { address: { socket_address: { address: 127.0.0.1, port_value: 0 } } }
      """;

  ProxyKind kind() {
    return kind;
  }

  boolean exited() {
    return !process.isAlive();
  }

  String errors() throws IOException {
    return Files.readString(folder.resolve("stderr"));
  }

  /// What the process has printed so far: the access log, if that is where it goes. Bytes that are
  /// no UTF-8 are replaced.
  List<String> output() throws IOException {
    return new String(Files.readAllBytes(folder.resolve("stdout")), StandardCharsets.UTF_8)
        .lines()
        .toList();
  }

  /// The body of an admin page.
  ///
  /// @throws IOException also if the answer is no 200
  String get(String path) throws IOException {
    return request("GET", path);
  }

  /// As [#get], for the pages that change something.
  String post(String path) throws IOException {
    return request("POST", path);
  }

  private String request(String method, String path) throws IOException {
    var admin = Files.readString(folder.resolve("admin"));
    var request =
        HttpRequest.newBuilder(URI.create("http://" + admin + path))
            .method(method, BodyPublishers.noBody())
            .build();
    try {
      var response = HTTP.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException(response.statusCode() + " " + response.body());
      }
      return response.body();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /// Where the admin interface listens.
  int adminPort() throws IOException {
    var admin = Files.readString(folder.resolve("admin"));
    return Integer.parseInt(admin.substring(admin.lastIndexOf(':') + 1).strip());
  }

  JsonObject json(String path) throws IOException {
    return JsonParser.parseString(get(path)).getAsJsonObject();
  }

  /// The port that the listener has got.
  ///
  /// @throws AssertionError if it does not listen in time
  int port(String listener) {
    return Await.until(listener + " listens", () -> findPort(listener), port -> port > 0);
  }

  private int findPort(String listener) throws IOException {
    return ports().getOrDefault(listener, 0);
  }

  /// The port of each listener by name; 0 of one that does not listen yet.
  Map<String, Integer> ports() throws IOException {
    var ports = new TreeMap<String, Integer>();
    for (JsonElement element : json("/listeners?format=json").getAsJsonArray("listener_statuses")) {
      var status = element.getAsJsonObject();
      var address = status.getAsJsonObject("local_address").getAsJsonObject("socket_address");
      ports.put(status.get("name").getAsString(), address.get("port_value").getAsInt());
    }
    return ports;
  }

  /// All counters and gauges by name.
  Map<String, Long> stats() throws IOException {
    var stats = new TreeMap<String, Long>();
    get("/stats")
        .lines()
        .map(STAT::matcher)
        .filter(it -> it.matches())
        .forEach(it -> stats.put(it.group(1), Long.parseUnsignedLong(it.group(2))));
    return stats;
  }

  /// Waits until the counter or gauge has this value.
  void awaitStat(String name, long value) {
    Await.until(name + " is " + value, () -> stats().getOrDefault(name, 0L), it -> it == value);
  }

  /// Sends SIGTERM, and waits for the end.
  ///
  /// @return the exit code
  int stop() {
    process.destroy();
    try {
      return process.onExit().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS).exitValue();
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new AssertionError(kind + " does not stop", e);
    }
  }

  /// Stops the process, which must end well and must not have lost a buffer.
  @Override
  public void close() throws IOException {
    assertEquals(0, stop(), () -> kind + "'s exit code");
    assertEquals(List.of(), errors().lines().filter(it -> it.contains("LEAK:")).toList());
  }
}
