package dev.weir.lab;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `weir quickstart`: a control plane and the backends in this process, a gateway in a process
/// under it. When one process ends, so does the other.
@Command(
    name = "quickstart",
    description = "Runs a control plane, echo backends and a gateway on this machine.")
final class QuickstartCommand implements Callable<Integer> {

  private static final long POLL_MILLIS = 100;
  private static final long GRACE_SECONDS = 10;

  @Option(
      names = "--dir",
      required = true,
      paramLabel = "DIR",
      description =
          "Folder with bootstrap.yaml and the resources; the launcher's is deploy/quickstart")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path dir;

  @Option(
      names = "--launcher",
      required = true,
      paramLabel = "FILE",
      description = "Program that starts a gateway; the launcher names itself")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path launcher;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help")
  @SuppressWarnings("UnusedVariable") // picocli sets it, and acts on it
  private boolean help;

  @Override
  public Integer call() throws InterruptedException {
    try {
      var plan = QuickstartFolder.read(dir);
      Binding.check(plan.admin());
      for (var listener : plan.listeners()) {
        Binding.check(listener);
      }
      for (var backend : plan.backends()) {
        Echo.start(backend.name(), backend.address());
      }
      new FolderControlPlane(dir, new XdsReport(System.out)).listen(plan.controlPlane());
      return runGateway(plan);
    } catch (IOException e) {
      System.err.println("quickstart: " + e.getMessage());
      return 1;
    }
  }

  private int runGateway(QuickstartFolder plan) throws IOException, InterruptedException {
    var bootstrap = dir.resolve("bootstrap.yaml").toString();
    // The pipe to its standard input breaks when this process ends, even where nobody is told.
    var gateway =
        new ProcessBuilder(launcher.toString(), "-c", bootstrap, "--until-stdin-ends")
            .inheritIO()
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(gateway)));
    while (gateway.isAlive() && !isReady(plan.admin())) {
      gateway.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
    if (gateway.isAlive()) {
      explain(plan);
    }
    return gateway.waitFor();
  }

  private static boolean isReady(InetSocketAddress admin) {
    try {
      var ready = URI.create(url(admin) + "/ready").toURL().openConnection();
      return ((HttpURLConnection) ready).getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException _) {
      return false;
    }
  }

  private static String url(InetSocketAddress admin) {
    return "http://localhost:" + admin.getPort();
  }

  private void explain(QuickstartFolder plan) {
    System.out.printf(
        """

        The gateway is ready. In another terminal:

          nc localhost %d
              type a line; "one" answers
          edit %s
              change `cluster: one` to `cluster: two` and save: new connections reach "two",
              the open one stays with "one" and is not dropped
          %s
              the gateway's admin interface: /clusters, /listeners, /config_dump, /stats

        Ctrl-C ends all of it.

        """,
        plan.listeners().getFirst().getPort(), dir.resolve("listeners.yaml"), url(plan.admin()));
  }

  private static void end(Process gateway) {
    gateway.destroy();
    try {
      if (!gateway.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        gateway.destroyForcibly();
      }
    } catch (InterruptedException _) {
      gateway.destroyForcibly();
    }
  }
}
