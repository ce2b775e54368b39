package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The product's promise: whatever is pushed, connections go on, and new ones are served.
class HotSwapTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final int CONNECTIONS = 200;
  private static final int NEWCOMERS = 2;
  private static final int PUSHES = 300;

  /// Between two lines of a connection: the test is to load the gateway, and not the machine.
  private static final long PAUSE_NANOS = 50_000_000;

  private final AtomicInteger unanswered = new AtomicInteger();
  private final AtomicInteger served = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger push = new AtomicInteger();
  private volatile boolean done;

  @ParameterizedTest
  @EnumSource
  void threeHundredPushesBreakNoConnection(XdsMode mode) throws Exception {
    int port = FreePorts.inARow(1);
    try (var one = Echo.start("one", ANY);
        var two = Echo.start("two", ANY);
        var plane = ControlPlane.create(this::note)) {
      plane.push(resources(port, one, two));
      var bootstrap = mode.bootstrap(plane.listen(ANY));
      try (var _ = Proxy.start(ProxyKind.WEIR, bootstrap, "--drain-time-s", "1")) {
        var clients = startClients(port);
        while (push.incrementAndGet() <= PUSHES && failures.isEmpty()) {
          int before = served.get();
          plane.push(resources(port, one, two));
          Await.until("every answer to the push", () -> unanswered.get() == 0);
          Await.until("traffic", () -> served.get() >= before + CONNECTIONS / 10);
        }
        done = true;
        for (var client : clients) {
          client.join();
        }
      }
    }
    assertEquals(List.of(), List.copyOf(failures));
  }

  private void note(XdsEvent event) {
    switch (event) {
      case XdsEvent.Sent _ -> unanswered.incrementAndGet();
      case XdsEvent.Accepted _ -> unanswered.decrementAndGet();
      case XdsEvent.Rejected rejected -> failures.add("at push " + push + ": " + rejected);
      case XdsEvent.Connected _, XdsEvent.Disconnected _ -> {}
    }
  }

  /// Listener, cluster and endpoints change in turn; something else comes and goes.
  private List<Message> resources(int port, Echo one, Echo two) {
    int number = push.get();
    int listenerChange = (number + 2) / 3;
    int clusterChange = (number + 1) / 3;
    int endpointsChange = number / 3;
    var resources = new ArrayList<Message>();
    var tcpProxy =
        TcpProxy.newBuilder()
            .setStatPrefix("l" + listenerChange % 5)
            .setIdleTimeout(Duration.newBuilder().setSeconds(1000 + listenerChange));
    tcpProxy.getWeightedClustersBuilder().addClustersBuilder().setName("c").setWeight(1);
    tcpProxy
        .getWeightedClustersBuilder()
        .addClustersBuilder()
        .setName("d")
        .setWeight(1 + listenerChange % 7);
    var listener = Xds.listener("l", tcpProxy.build()).toBuilder();
    listener.getAddressBuilder().getSocketAddressBuilder().setPortValue(port);
    if (listenerChange % 2 == 1) { // beside its chains, so that the listener itself is another
      listener.setPerConnectionBufferLimitBytes(UInt32Value.of(65_536));
    }
    resources.add(listener.build());
    resources.add(cluster("c", clusterChange));
    resources.add(cluster("d", 0));
    if (clusterChange % 2 == 1) {
      resources.add(Xds.cluster("guest", "d"));
      resources.add(Xds.listener("guest", "guest"));
    }
    resources.add(
        switch (endpointsChange % 3) {
          case 0 -> Xds.endpoints("c", one.port());
          case 1 -> Xds.endpoints("c", two.port());
          default -> Xds.endpoints("c", one.port(), two.port());
        });
    resources.add(Xds.endpoints("d", two.port()));
    return resources;
  }

  private static Message cluster(String name, int change) {
    var cluster = Xds.cluster(name, name).toBuilder();
    cluster.getConnectTimeoutBuilder().setSeconds(5 + change);
    return cluster.build();
  }

  private List<Thread> startClients(int port) {
    var clients = new ArrayList<Thread>();
    for (int i = 0; i < CONNECTIONS; i++) {
      var random = new Random(i);
      clients.add(start(() -> talk(port, random)));
    }
    for (int i = 0; i < NEWCOMERS; i++) {
      clients.add(start(() -> comeAndGo(port)));
    }
    return clients;
  }

  private interface Client {
    void run() throws IOException;
  }

  private Thread start(Client client) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            client.run();
          } catch (IOException | RuntimeException e) {
            failures.add("at push " + push + ": " + e);
          }
        });
  }

  /// One connection for the whole time. It keeps its server, and gets back what it sends.
  private void talk(int port, Random random) throws IOException {
    try (var peer = Peer.connect(port)) {
      var server = firstWord(peer.ask("hello"));
      while (!done) {
        var line = text(random);
        check(Set.of(server + " " + line), peer.ask(line));
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private void comeAndGo(int port) throws IOException {
    while (!done) {
      check(Set.of("one hello", "two hello"), Peer.ask(port, "hello"));
      LockSupport.parkNanos(PAUSE_NANOS / 10);
    }
  }

  private void check(Set<String> expected, String answer) {
    served.incrementAndGet();
    if (!expected.contains(answer)) {
      throw new IllegalStateException("got '" + answer + "' in place of " + expected);
    }
  }

  private static String firstWord(String answer) {
    return answer.substring(0, answer.indexOf(' '));
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(1, 5_000), 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
