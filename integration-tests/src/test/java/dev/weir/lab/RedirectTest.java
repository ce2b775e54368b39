package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Connections that the kernel has redirected to the gateway go on to where they were going. Needs
/// root, `iptables` and a loopback interface of its own: the rules stay within a single address.
class RedirectTest {
  private static final String MEANT = "127.9.9.9";
  private static final int MEANT_PORT = 7777;

  @Test
  void aRedirectedConnectionGoesWhereItWasGoing() throws IOException {
    try (var backend = Echo.start("one", new InetSocketAddress(MEANT, 0));
        var proxy = Proxy.start(ProxyKind.WEIR, bootstrap(backend.port()))) {
      var rule = rule(proxy.port("redirected"));
      run("-A", rule);
      try (var client = new Peer(new Socket(InetAddress.ofLiteral(MEANT), MEANT_PORT))) {
        assertEquals("one hello", client.ask("hello"));
      } finally {
        run("-D", rule);
      }
      assertEquals(
          "closed", Peer.ask(proxy.port("redirected"), "x").replaceAll("EOF|RST", "closed"));
      proxy.awaitStat("cluster.original.upstream_cx_total", 1);
      proxy.awaitStat("cluster.original.upstream_cx_none_healthy", 1);
      proxy.awaitStat("cluster.original.membership_total", 0); // cleaned up
    }
  }

  private static String bootstrap(int port) {
    var listener =
        Bootstraps.listener("redirected", "cluster: original")
            .replace(
                "  filter_chains:\n",
                """
                  listener_filters:
                  - name: original
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.listener.original_dst.v3.OriginalDst
                  filter_chains:
                """);
    var cluster =
        """
        - name: original
          type: ORIGINAL_DST
          lb_policy: CLUSTER_PROVIDED
          cleanup_interval: 0.2s
          original_dst_lb_config: { upstream_port_override: %d }
        """
            .formatted(port);
    return Bootstraps.of(Stream.of(listener), Stream.of(cluster));
  }

  private static List<String> rule(int port) {
    return List.of(
        "OUTPUT",
        "-p",
        "tcp",
        "-d",
        MEANT,
        "--dport",
        "" + MEANT_PORT,
        "-j",
        "REDIRECT",
        "--to-ports",
        "" + port);
  }

  /// Skips the test if there are no rules to be had.
  private static void run(String verb, List<String> rule) {
    var command = new ArrayList<>(List.of("iptables", "-w", "-t", "nat", verb));
    command.addAll(rule);
    String problem;
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      problem = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0) {
        return;
      }
    } catch (IOException e) {
      problem = String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    System.out.println("SKIPPED: redirected connections, as iptables refuses: " + problem.strip());
    abort(problem);
  }
}
