package dev.weir.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A mesh on one machine: a real istiod with a fake Kubernetes, the pods of tcp-echo, and a gateway
/// pod, in which a real pilot-agent runs Weir. In a network of its own, with the ports that a pod
/// has.
final class IstioMesh implements AutoCloseable {
  private static final InetSocketAddress KUBERNETES =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 15550);

  /// Names that a cluster's DNS would know.
  private static final Map<String, String> HOSTS =
      Map.of(
          "istiod.istio-system.svc", "127.0.0.1",
          "tcp-echo.istio.svc.cluster.local", "127.0.9.1",
          "tcp-echo.istio-2.svc.cluster.local", "127.0.9.2");

  /// Who answers on port 9000, by address.
  private static final Map<String, String> PODS =
      Map.of(
          "127.0.1.1", "one",
          "127.0.1.2", "two",
          "127.0.9.1", "istio",
          "127.0.9.2", "istio-2");

  private final GoPrograms programs;
  private final Path folder;
  private final NetworkNamespace network;
  private final List<AutoCloseable> running = new ArrayList<>();
  private final FakeKubernetes kubernetes;

  private IstioMesh(GoPrograms programs, Path folder, NetworkNamespace network) throws IOException {
    this.programs = programs;
    this.folder = folder;
    this.network = network;
    this.kubernetes = network.call(() -> FakeKubernetes.start(KUBERNETES));
  }

  /// Starts all but the gateway; skips the test, and says why, where it cannot be had.
  static IstioMesh startOrSkip() {
    try {
      return start(GoPrograms.build("istio"));
    } catch (IOException e) {
      var text = "SKIPPED: Weir under istiod and pilot-agent: " + e.getMessage();
      System.out.println(text);
      return Assumptions.abort(text);
    }
  }

  private static IstioMesh start(GoPrograms programs) throws IOException {
    var parent = Files.createDirectories(LabModule.target().resolve("istio"));
    var folder = Files.createTempDirectory(parent, "mesh");
    var mesh = new IstioMesh(programs, folder, NetworkNamespace.create(HOSTS));
    try {
      mesh.startPods();
      mesh.startIstiod();
      return mesh;
    } catch (IOException | AssertionError e) {
      mesh.close();
      throw e;
    }
  }

  private void startPods() throws IOException {
    for (var pod : PODS.entrySet()) {
      var address = new InetSocketAddress(pod.getKey(), 9000);
      running.add(network.call(() -> Echo.start(pod.getValue(), address)));
    }
    kubernetes.apply("", read("cluster.yaml"));
    kubernetes.apply("istio", read("seed/tcp-echo-services.yaml"));
    kubernetes.apply("istio", read("seed/tcp-echo-all-v1.yaml"));
  }

  /// Starts what stands behind the gateway for HTTP, and configures that.
  void startWeb() throws IOException {
    var address = new InetSocketAddress(InetAddress.getByName("127.0.1.10"), 8000);
    running.add(network.call(() -> HttpEcho.start("httpbin", address)));
    kubernetes.apply("", read("web.yaml"));
  }

  /// A file of ours.
  static String read(String file) throws IOException {
    return Files.readString(LabModule.path("istio").resolve(file));
  }

  private void startIstiod() throws IOException {
    Files.writeString(folder.resolve("kubeconfig"), kubernetes.kubeconfig());
    var environment =
        Map.of(
            "POD_NAME", "istiod-0",
            "POD_NAMESPACE", "istio-system",
            "CLUSTER_ID", "Kubernetes",
            "KUBE_FEATURE_WatchListClient", "false",
            "INJECTION_WEBHOOK_CONFIG_NAME", "",
            "VALIDATION_WEBHOOK_CONFIG_NAME", "",
            "PILOT_ENABLE_STATUS", "false",
            "PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER", "false");
    start(
        "istiod",
        environment,
        folder,
        programs.file("pilot-discovery").toString(),
        "discovery",
        "--kubeconfig=" + folder.resolve("kubeconfig"),
        "--meshConfig=" + LabModule.path("istio/mesh.yaml"),
        "--networksConfig=",
        "--httpAddr=127.0.0.1:15080",
        "--httpsAddr=127.0.0.1:15017",
        "--grpcAddr=127.0.0.1:15010",
        "--secureGRPCAddr=127.0.0.1:15012",
        "--monitoringAddr=127.0.0.1:15014",
        "--ctrlz_port=0");
    Await.until("istiod is ready", () -> get(15080, "/ready").startsWith("HTTP/1.1 200"));
  }

  /// Starts a program inside, to be stopped with the rest.
  private Process start(
      String name, Map<String, String> environment, Path directory, String... program)
      throws IOException {
    var builder =
        new ProcessBuilder(network.command(List.of(program)))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile());
    builder.environment().putAll(environment);
    var process = builder.start();
    running.add(() -> stop(process));
    return process;
  }

  private static void stop(Process process) throws InterruptedException {
    var all = process.descendants().toList();
    process.destroy();
    if (!process.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }

  /// Starts the gateway's pod, and waits until it is ready.
  Process startGateway(XdsMode mode) throws IOException {
    return startGateway(mode, "");
  }

  /// As [#startGateway(XdsMode)], with more in the agent's `PROXY_CONFIG`.
  Process startGateway(XdsMode mode, String more) throws IOException {
    var pod = Files.createDirectories(folder.resolve("pod"));
    layOut(pod);
    var environment =
        Map.ofEntries(
            Map.entry("PILOT_CERT_PROVIDER", "istiod"),
            Map.entry("CA_ADDR", "istiod.istio-system.svc:15012"),
            Map.entry("POD_NAME", "ingress-0"),
            Map.entry("POD_NAMESPACE", "istio-system"),
            Map.entry("INSTANCE_IP", "127.0.0.1"),
            Map.entry("SERVICE_ACCOUNT", "ingress"),
            Map.entry("TRUST_DOMAIN", "cluster.local"),
            Map.entry("ISTIO_META_CLUSTER_ID", "Kubernetes"),
            Map.entry("ISTIO_META_WORKLOAD_NAME", "ingress"),
            Map.entry("ISTIO_META_MESH_ID", "cluster.local"),
            Map.entry("ISTIO_META_NODE_NAME", "node"),
            Map.entry("ISTIO_DELTA_XDS", Boolean.toString(mode == XdsMode.DELTA)),
            Map.entry("PROXY_CONFIG", proxyConfig(pod, more)));
    var agent =
        start(
            "gateway",
            environment,
            pod,
            programs.file("pilot-agent").toString(),
            "proxy",
            "router",
            "--domain",
            "istio-system.svc.cluster.local",
            "--proxyLogLevel=warning",
            "--proxyComponentLogLevel=misc:error",
            "--log_output_level=default:info");
    Await.until(
        "the gateway is ready",
        () -> get(15021, "/healthz/ready").startsWith("HTTP/1.1 200") || !agent.isAlive());
    return agent;
  }

  private static String proxyConfig(Path pod, String more) {
    return """
    {"discoveryAddress": "istiod.istio-system.svc:15012", "binaryPath": "%s",
     "terminationDrainDuration": "5s", "concurrency": 2 %s}
    """
        .formatted(pod.resolve("weir"), more);
  }

  /// The pod's file system: the agent's paths are all relative to the root.
  private void layOut(Path pod) throws IOException {
    var command = String.join("' '", ProxyKind.WEIR.command());
    var launcher =
        Files.writeString(pod.resolve("weir"), "#!/bin/sh\nexec '" + command + "' \"$@\"\n");
    if (!launcher.toFile().setExecutable(true)) {
      throw new IOException("cannot be made executable: " + launcher);
    }
    Files.createDirectories(pod.resolve("etc/istio/proxy"));
    var labels =
        """
        istio="ingressgateway"
        app="istio-ingressgateway"
        service.istio.io/canonical-name="istio-ingressgateway"
        service.istio.io/canonical-revision="latest"
        """;
    write(pod.resolve("etc/istio/pod/labels"), labels);
    write(pod.resolve("etc/istio/pod/annotations"), "");
    var template = Files.createDirectories(pod.resolve("var/lib/istio/envoy"));
    Files.copy(
        programs.file("envoy_bootstrap_tmpl.json"),
        template.resolve("envoy_bootstrap_tmpl.json"),
        StandardCopyOption.REPLACE_EXISTING);
    var claims =
        """
        {"sub": "system:serviceaccount:istio-system:ingress", "aud": ["istio-ca"], "exp": 4102444800}
        """;
    write(
        pod.resolve("var/run/secrets/tokens/istio-token"),
        base64("{\"alg\": \"RS256\"}") + "." + base64(claims) + ".signature");
    var root =
        Await.until(
            "istiod's root certificate",
            () -> kubernetes.find("/configmaps", "istio-system", "istio-ca-root-cert"),
            it -> it != null);
    write(
        pod.resolve("var/run/secrets/istio/root-cert.pem"),
        KubeObjects.text(root.get("data"), "root-cert.pem"));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  void apply(String namespace, String yaml) {
    kubernetes.apply(namespace, yaml);
  }

  void delete(String namespace, String yaml) {
    kubernetes.delete(namespace, yaml);
  }

  /// A client of the gateway, or of another program.
  Peer connect(int port) throws IOException {
    return network.call(() -> Peer.connect(port));
  }

  /// Status line, headers and body of an answer.
  String get(int port, String path) throws IOException {
    return get(port, path, "localhost");
  }

  /// @param host and perhaps more headers
  String get(int port, String path, String host) throws IOException {
    try (var peer = connect(port)) {
      peer.send("GET %s HTTP/1.1\r\nhost: %s\r\nconnection: close\r\n\r\n".formatted(path, host));
      return new String(peer.rest(), StandardCharsets.UTF_8);
    }
  }

  /// What the line is answered with, by a connection of its own.
  String ask(int port, String line) throws IOException {
    try (var peer = connect(port)) {
      return peer.ask(line);
    }
  }

  /// Does something in the mesh's network.
  <T> T inside(Callable<T> task) throws IOException {
    return network.call(task);
  }

  /// What a program has printed: `istiod` or `gateway`.
  String log(String program) {
    try {
      return Files.readString(folder.resolve(program + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What istiod does not like about us: refused resources, and requests that make no sense to it.
  List<String> complaints() {
    return log("istiod")
        .lines()
        .filter(it -> it.contains("ACK ERROR") || it.contains("check mismatch"))
        .toList();
  }

  @Override
  public void close() throws IOException {
    for (var one : running.reversed()) {
      try {
        one.close();
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
    kubernetes.close();
    network.close();
  }
}
