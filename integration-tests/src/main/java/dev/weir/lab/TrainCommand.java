package dev.weir.lab;

import com.google.protobuf.Message;
import dev.weir.lab.bench.EchoServer;
import dev.weir.lab.bench.TrainingLoad;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// For the launcher: takes a gateway through what gateways do, so that its JVM can record which
/// classes that needs, and how its methods were run: later gateways compile the hot ones sooner. It
/// is the quickstart's gateway, at ports that are free.
@Command(name = "train", hidden = true)
final class TrainCommand implements Callable<Integer> {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final Pattern PORT = Pattern.compile(":(\\d+)\\s");
  private static final List<String> PAGES =
      List.of("/ready", "/stats", "/stats/prometheus", "/clusters", "/config_dump", "/server_info");

  private static final long POLL_MILLIS = 50;
  private static final long PATIENCE_SECONDS = 120;
  private static final int CLUSTERS = 3_000;
  private static final int AGES = 3;

  @Option(names = "--dir", required = true, description = "Folder of the quickstart")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path dir;

  @Parameters(description = "What starts a gateway; its flags will follow")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private List<String> command;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var work = Files.createTempDirectory("weir-train");
    try (var echo = EchoServer.start();
        var plane = ControlPlane.create(_ -> {})) {
      var plan = QuickstartFolder.read(dir);
      var bootstrap =
          Files.readString(dir.resolve("bootstrap.yaml"))
              .replace("port_value: " + plan.admin().getPort(), "port_value: 0")
              .replace(
                  "port_value: " + plan.controlPlane().getPort(),
                  "port_value: " + plane.listen(ANY));
      var resources = atFreePorts(new ResourceFolder(dir).read().resources(), echo.port());
      plane.push(resources);
      Files.writeString(work.resolve("bootstrap.yaml"), bootstrap);
      return train(work, () -> pushMuch(plane, resources, work.resolve("admin")));
    } finally {
      try (var files = Files.list(work)) {
        for (var file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(work);
    }
  }

  private static List<Message> atFreePorts(List<Message> resources, int backend) {
    return resources.stream().map(it -> atFreePort(it, backend)).toList();
  }

  private static Message atFreePort(Message resource, int backend) {
    if (resource instanceof Listener listener) {
      var changed = listener.toBuilder();
      changed.getAddressBuilder().getSocketAddressBuilder().setPortValue(0);
      return changed.build();
    }
    if (resource instanceof ClusterLoadAssignment endpoints) {
      var changed = endpoints.toBuilder();
      for (var locality : changed.getEndpointsBuilderList()) {
        for (var host : locality.getLbEndpointsBuilderList()) {
          var address = host.getEndpointBuilder().getAddressBuilder();
          address.getSocketAddressBuilder().setPortValue(backend);
        }
      }
      return changed.build();
    }
    return resource;
  }

  /// Has thousands of clusters come and change.
  private static void pushMuch(ControlPlane plane, List<Message> resources, Path admin)
      throws IOException, InterruptedException {
    for (int age = 0; age < AGES; age++) {
      var all = new ArrayList<>(resources);
      all.addAll(ManyClusters.of(CLUSTERS, age));
      plane.push(all);
      awaitStat(admin, "cluster_manager.cluster_added", CLUSTERS);
      awaitStat(admin, "cluster_manager.cluster_modified", (long) age * CLUSTERS);
    }
  }

  /// Waits until it is at least that.
  private static void awaitStat(Path admin, String name, long value)
      throws IOException, InterruptedException {
    var line = Pattern.compile(Pattern.quote(name) + ": (\\d+)");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      var found = line.matcher(page(admin, "/stats?filter=" + name));
      if (found.find() && Long.parseLong(found.group(1)) >= value) {
        return;
      }
      if (System.nanoTime() > end) {
        throw new IOException(name + " does not become " + value);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /// What else the gateway is taken through.
  private interface Exercise {
    void run() throws IOException, InterruptedException;
  }

  private int train(Path work, Exercise more) throws IOException, InterruptedException {
    var admin = work.resolve("admin");
    var whole = new ArrayList<>(command);
    whole.addAll(List.of("-c", work.resolve("bootstrap.yaml").toString()));
    whole.addAll(List.of("--admin-address-path", admin.toString()));
    var gateway = new ProcessBuilder(whole).inheritIO().start();
    try {
      while (gateway.isAlive() && !isReady(admin)) {
        gateway.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
      exercise(admin);
      more.run();
      gateway.destroy(); // the JVM writes its recording as it ends
      return gateway.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) ? gateway.exitValue() : 1;
    } finally {
      gateway.destroyForcibly();
    }
  }

  private static boolean isReady(Path admin) {
    try {
      return page(admin, "/ready").startsWith("LIVE");
    } catch (IOException _) {
      return false;
    }
  }

  private static void exercise(Path admin) throws IOException {
    var port = PORT.matcher(page(admin, "/listeners"));
    if (!port.find()) {
      throw new IOException("the gateway does not listen");
    }
    TrainingLoad.run(Integer.parseInt(port.group(1)));
    for (var page : PAGES) {
      page(admin, page);
    }
  }

  private static String page(Path admin, String path) throws IOException {
    var url = URI.create("http://" + Files.readString(admin).strip() + path).toURL();
    try (var in = url.openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
