package dev.weir.tcpproxy;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.FilterChainMatch;
import dev.weir.listener.Configs;
import dev.weir.listener.ProxyFixture;
import dev.weir.listener.Upstream;
import dev.weir.transport.Transport;
import dev.weir.transport.Transports;
import dev.weir.transport.WithoutLeakDetection;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an idle connection holds of the heap, by the machine's own count of live objects. Leak
/// detection is off here, as it holds objects itself.
@ExtendWith(WithoutLeakDetection.class)
class FootprintTest {
  private static final int CONNECTIONS = 300;

  /// Bytes of Weir's and Netty's classes for a proxied connection, which has two sockets. Without
  /// compact object headers each object counts four bytes more.

  @ParameterizedTest
  @CsvSource({"EPOLL, 3400", "IO_URING, 3900"})
  void anIdleConnectionIsSmall(Transport transport, long budget) throws IOException, JMException {
    Transports.assumeWork(transport);
    var sockets = new ArrayList<Socket>();
    try (var up = Upstream.listen();
        var proxy =
            ProxyFixture.start(
                    transport,
                    Configs.listener(Configs.chain(FilterChainMatch.ANY, Configs.tcpProxy())))
                .with(Configs.cluster(1 << 20, Duration.ofSeconds(5), up.address()))) {
      open(CONNECTIONS, proxy, up, sockets);
      var fewer = live();
      open(CONNECTIONS, proxy, up, sockets);
      var more = live();
      var grown = new ArrayList<Map.Entry<String, Long>>();
      more.forEach((name, bytes) -> {
        long each = (bytes - fewer.getOrDefault(name, 0L)) / CONNECTIONS;
        if (each > 0) {
          grown.add(Map.entry(name, each));
        }
      });
      long sum = grown.stream().mapToLong(Map.Entry::getValue).sum();
      assertTrue(
          sum > 500 && sum <= budget,
          () -> sum + " bytes for each connection, of " + budget + ":\n" + table(grown));
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  /// Opens connections that have carried a byte each way, and rest.
  private static void open(int count, ProxyFixture proxy, Upstream up, List<Socket> into)
      throws IOException {
    for (int i = 0; i < count; i++) {
      var client = proxy.connect();
      var server = up.accept();
      into.add(client);
      into.add(server);
      client.getOutputStream().write(1);
      server.getInputStream().read();
      server.getOutputStream().write(2);
      client.getInputStream().read();
    }
  }

  /// The bytes of all live objects, by class; arrays and the JDK's are left out, as this process
  /// holds the far ends of the sockets too.
  private static Map<String, Long> live() throws JMException {
    var histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {null},
                    new String[] {String[].class.getName()});
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+", -1))
        .filter(words -> words.length >= 4)
        .filter(words -> words[3].startsWith("dev.weir") || words[3].startsWith("io.netty"))
        .collect(toMap(words -> words[3], words -> Long.parseLong(words[2]), Long::sum));
  }

  private static String table(List<Map.Entry<String, Long>> grown) {
    return grown.stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(entry -> "%6d %s".formatted(entry.getValue(), entry.getKey()))
        .collect(joining("\n"));
  }
}
