package dev.weir.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.Address;
import dev.weir.config.ClusterConfig;
import dev.weir.config.EndpointsConfig;
import dev.weir.config.ListenerConfig;
import dev.weir.telemetry.AccessLogSinks;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.Stats;
import dev.weir.telemetry.TimeSource;
import dev.weir.transport.Clock;
import dev.weir.transport.EventLoops;
import dev.weir.transport.MainLoop;
import dev.weir.transport.ManualClock;
import dev.weir.transport.Transport;
import dev.weir.transport.tls.TestTransports;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.ClusterFactory;
import dev.weir.upstream.ClusterFactory.Gateway;
import dev.weir.upstream.Clusters;
import dev.weir.upstream.dns.DnsNames;
import dev.weir.upstream.health.FakeProbes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A listener and its clusters over real sockets, without a control plane. Its end asserts that no
/// connection and no timer is left.
public final class ProxyFixture implements AutoCloseable {
  private final MainLoop main = new MainLoop();
  private final Stats stats = new Stats();
  private final AccessLogSinks logs =
      new AccessLogSinks(stats, Duration.ofMillis(20), 1 << 16, (_, _) -> _ -> true);
  private final Clusters clusters = new Clusters();
  private final Map<String, Cluster> published = new HashMap<>();
  private final EventLoops loops;
  private final ListenerServices services;
  private final ActiveListener listener;
  private final ListenerOutcome bound;

  private ProxyFixture(
      int workers,
      Transport transport,
      Clock clock,
      DrainStrategy strategy,
      ListenerConfig config) {
    loops = EventLoops.start(workers, transport, clock);
    services =
        new ListenerServices(
            main,
            loops,
            new FilterFactory(main, clusters, stats, logs, TestTransports.of(main)),
            new ListenerServices.Telemetry(stats, logs, TimeSource.SYSTEM),
            Duration.ofSeconds(10),
            strategy);
    listener = onMain(() -> new ActiveListener(config, services));
    bound = update(config);
  }

  /// On the machine's clock.
  public static ProxyFixture start(ListenerConfig config) {
    return start(1, config);
  }

  /// On the machine's clock, with so many workers.
  public static ProxyFixture start(int workers, ListenerConfig config) {
    return new ProxyFixture(workers, Transport.best(), Clock.SYSTEM, DrainStrategy.GRADUAL, config);
  }

  /// Over a certain transport.
  public static ProxyFixture start(Transport transport, ListenerConfig config) {
    return new ProxyFixture(1, transport, Clock.SYSTEM, DrainStrategy.GRADUAL, config);
  }

  /// On a clock that the test turns.
  public static ProxyFixture start(ManualClock clock, ListenerConfig config) {
    return start(clock, DrainStrategy.GRADUAL, config);
  }

  /// On a clock that the test turns, with a way to drain.
  public static ProxyFixture start(
      ManualClock clock, DrainStrategy strategy, ListenerConfig config) {
    return new ProxyFixture(1, Transport.best(), clock, strategy, config);
  }

  /// Makes a cluster known.
  public ProxyFixture with(ClusterConfig config) {
    return with(config, _ -> {});
  }

  /// Makes a cluster known that EDS says this of.
  public ProxyFixture with(ClusterConfig config, EndpointsConfig endpoints) {
    return with(config, cluster -> cluster.updateEndpoints(endpoints));
  }

  private ProxyFixture with(ClusterConfig config, Consumer<Cluster> started) {
    onMain(
            () -> {
              var cluster =
                  new ClusterFactory(
                          new ClusterFactory.Dependencies(
                              main,
                              stats,
                              Gateway.alone(loops.workers().size()),
                              new DnsNames(main, loops.workers().getFirst(), stats),
                              new SplittableRandom(),
                              TestTransports.of(main),
                              FakeProbes.real(main, stats, loops)))
                      .create(config);
              cluster.start();
              started.accept(cluster);
              published.put(config.name(), cluster);
              clusters.publish(Map.copyOf(published));
              return cluster.warm();
            })
        .join();
    return this;
  }

  /// A cluster that was made known.
  public Cluster cluster(String name) {
    return Objects.requireNonNull(clusters.find(name));
  }

  /// Runs something on the main loop and waits for it.
  public <T> T onMain(Callable<T> task) {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return task.call();
              } catch (Exception e) {
                throw new CompletionException(e);
              }
            },
            main)
        .join();
  }

  /// Prepares a configuration of the listener and puts it in force.
  public ListenerOutcome update(ListenerConfig next) {
    return onMain(() -> {
      try {
        return listener.prepare(next).apply();
      } catch (IOException e) {
        return new ListenerOutcome.Refused(String.valueOf(e.getMessage()));
      }
    });
  }

  /// The listener.
  public ActiveListener listener() {
    return listener;
  }

  /// The listener's part on the first worker.
  ListenerShard shard() {
    return listener.shards().getFirst();
  }

  /// How binding it ended.
  public ListenerOutcome bound() {
    return bound;
  }

  /// The workers.
  public EventLoops loops() {
    return loops;
  }

  /// Where listeners get their parts.
  public ListenerServices services() {
    return services;
  }

  /// The port that it listens on.
  public int port() {
    assertEquals(new ListenerOutcome.Applied(), bound);
    return ((Address.Socket) onMain(listener::localAddresses).getFirst()).port();
  }

  /// A client of the listener.
  public Socket connect() throws IOException {
    return connect(port());
  }

  /// A client of some port.
  public static Socket connect(int port) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(30_000);
    return socket;
  }

  /// The value of a counter or gauge by its full name; 0 if there is none.
  public long stat(String name) {
    var value = new long[1];
    stats.forEach((each, stat) -> {
      if (each.equals(name)) {
        value[0] =
            switch (stat) {
              case Counter counter -> counter.value();
              case Gauge gauge -> gauge.value();
              default -> 0;
            };
      }
    });
    return value[0];
  }

  /// Waits until a statistic has this value.
  public void awaitStat(String name, long value) {
    await(() -> stat(name) == value, () -> name + " is " + stat(name) + ", not " + value);
  }

  /// Waits until a statistic has at least this value.
  public void awaitStatAtLeast(String name, long value) {
    await(() -> stat(name) >= value, () -> name + " is " + stat(name) + ", not " + value);
  }

  private static void await(BooleanSupplier condition, Supplier<@Nullable String> what) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, what);
      LockSupport.parkNanos(100_000); // what is awaited has to have a processor
    }
  }

  /// How many timers are armed, on all workers.
  public int timers() {
    return loops.workers().stream()
        .mapToInt(
            worker -> CompletableFuture.supplyAsync(worker.timers()::armed, worker::execute).join())
        .sum();
  }

  @Override
  public void close() {
    try {
      onMain(listener::close).orTimeout(30, TimeUnit.SECONDS).join();
      for (var cluster : published.keySet()) {
        awaitStat("cluster." + cluster + ".upstream_cx_active", 0);
        awaitStat("cluster." + cluster + ".upstream_rq_active", 0);
        awaitStat("cluster." + cluster + ".upstream_rq_pending_active", 0);
        awaitStat("cluster." + cluster + ".upstream_cx_rx_bytes_buffered", 0);
        awaitStat("cluster." + cluster + ".upstream_cx_tx_bytes_buffered", 0);
      }
      assertEquals(0, timers(), "timers left");
    } finally {
      loops.close();
      logs.close();
      main.close();
    }
  }
}
