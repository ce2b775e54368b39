package dev.weir.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `weir control-plane`: serves a folder until it is stopped.
@Command(
    name = "control-plane",
    description =
        "Serves a folder of YAML files as xDS resources and pushes whenever one is saved.")
final class ControlPlaneCommand implements Callable<Integer> {

  @Option(
      names = "--dir",
      required = true,
      paramLabel = "DIR",
      description = "Folder of .yaml, .yml and .json files with listeners, clusters, endpoints, …")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path dir;

  @Option(
      names = "--address",
      paramLabel = "IP",
      defaultValue = "127.0.0.1",
      description = "Address to listen on. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String address;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "18000",
      description = "TCP port to listen on; 0 takes any free one. Default: ${DEFAULT-VALUE}")
  private int port;

  @Option(names = "--uds", paramLabel = "PATH", description = "Unix socket to listen on as well.")
  private @Nullable Path socket;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help")
  @SuppressWarnings("UnusedVariable") // picocli sets it, and acts on it
  private boolean help;

  @Override
  public Integer call() throws InterruptedException {
    var report = new XdsReport(System.out);
    try (var plane = new FolderControlPlane(dir, report)) {
      if (socket != null) {
        plane.listen(socket);
        report.say("listening on " + socket);
      }
      var bound = plane.listen(new InetSocketAddress(address, port));
      report.say("listening on " + address + ":" + bound + ", serving " + dir);
      new CountDownLatch(1).await(); // until a signal ends the process
      return 0;
    } catch (NotDirectoryException e) {
      System.err.println("control-plane: " + e.getMessage() + " is not a folder");
    } catch (IOException e) {
      System.err.println("control-plane: " + e.getMessage());
    }
    return 1;
  }
}
