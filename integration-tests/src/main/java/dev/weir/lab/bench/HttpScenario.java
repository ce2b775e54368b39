package dev.weir.lab.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Requests through a route, by `wrk` or `h2load`, whose answers come from a server that does
/// nothing else. The proxy has one worker, so that the load and the server have a core as well.
///
/// @param http2Client whether clients speak HTTP/2
/// @param http2Server whether the server does
record HttpScenario(boolean http2Client, boolean http2Server, Load load) implements Scenario {
  private static final int CONNECTIONS = 50;
  private static final int STREAMS = 10;
  private static final int BODY = 64;
  private static final double AIM = 0.8;
  private static final Pattern WRK = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
  private static final Pattern H2LOAD = Pattern.compile("finished in [^,]+, ([\\d.]+) req/s");
  private static final Pattern FAILURES =
      Pattern.compile("Non-2xx.*|Socket errors.*|[1-9]\\d* failed|[1-9]\\d* errored");

  @Override
  public String title() {
    return version(http2Client) + "-to-" + version(http2Server);
  }

  private static String version(boolean http2) {
    return http2 ? "http2" : "http1";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.higher("rate", "1/s", AIM), Metric.higher("per CPU second", "1", AIM));
  }

  @Override
  public boolean fits(Contender contender) {
    return contender.speaksEnvoy() && tool().isPresent();
  }

  private Optional<Path> tool() {
    return Contender.installed(http2Client ? "h2load" : "wrk");
  }

  @Override
  public double[] measure(Contender contender, Field field) throws IOException {
    int listen = Field.freePort();
    int backend = Field.freePort();
    try (var _ = start(Contender.ENVOY, field, HttpSetup.server(backend, BODY), backend);
        var proxy =
            start(contender, field, HttpSetup.proxy(listen, backend, http2Server), listen)) {
      request(listen, Math.max(1, load.with(contender).warmUpMillis() / 1_000));
      long before = proxy.usage().cpuNanos();
      double rate = request(listen, Math.max(1, load.millis() / 1_000));
      double cpu = (proxy.usage().cpuNanos() - before) / 1e9;
      return new double[] {rate, rate * load.seconds() / cpu};
    }
  }

  private static RunningContender start(
      Contender contender, Field field, String bootstrap, int port) throws IOException {
    var folder = field.folder(contender);
    var file = Files.writeString(folder.resolve("bootstrap.yaml"), bootstrap).toString();
    var command = new ArrayList<>(field.program(contender));
    command.addAll(List.of("-c", file, "--concurrency", "1", "--use-dynamic-base-id"));
    return RunningContender.start(command, folder, port);
  }

  /// Sends requests for so many seconds.
  ///
  /// @return how many were answered in one
  private double request(int port, long seconds) throws IOException {
    var tool = tool().orElseThrow().toString();
    var url = "http://127.0.0.1:" + port + "/";
    var command =
        http2Client
            ? List.of(
                tool,
                "-t1",
                "-c" + CONNECTIONS / STREAMS,
                "-m" + STREAMS,
                "--duration=" + seconds,
                url)
            : List.of(
                tool, "-t1", "-c" + CONNECTIONS, "-d" + seconds + "s", "--timeout", "30s", url);
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      process.waitFor(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    var rate = (http2Client ? H2LOAD : WRK).matcher(said);
    if (!rate.find() || FAILURES.matcher(said).find()) {
      throw new IOException("not all requests were answered: " + said);
    }
    return Double.parseDouble(rate.group(1));
  }
}
