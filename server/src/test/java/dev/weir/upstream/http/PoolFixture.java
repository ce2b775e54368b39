package dev.weir.upstream.http;

import dev.weir.config.Address;
import dev.weir.config.ClusterConfig;
import dev.weir.config.HttpProtocol;
import dev.weir.config.UpstreamHttpConfig;
import dev.weir.config.UpstreamHttpConfig.Choice;
import dev.weir.config.UpstreamHttpConfig.Http2;
import dev.weir.config.UpstreamHttpConfig.Keepalive;
import dev.weir.config.UpstreamHttpConfig.Lifetime;
import dev.weir.listener.Configs;
import dev.weir.listener.ProxyFixture;
import dev.weir.transport.ManualClock;
import dev.weir.transport.Worker;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.balance.SubsetKey;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/// The pools of a cluster with one host, on a clock that the test turns. Its end asserts that
/// nothing is left.
final class PoolFixture implements AutoCloseable {
  private final ManualClock clock = new ManualClock();
  private final ProxyFixture proxy;

  PoolFixture(Address host, UpstreamHttpConfig http) {
    var plain = Configs.cluster(1 << 20, Duration.ofSeconds(5), host);
    proxy =
        ProxyFixture.start(clock, Configs.listener())
            .with(
                new ClusterConfig(
                    plain.name(),
                    plain.statName(),
                    plain.discovery(),
                    plain.lb(),
                    plain.health(),
                    plain.upstream(),
                    http,
                    plain.metadata()));
  }

  /// What goes for HTTP/1.1, with another lifetime.
  static UpstreamHttpConfig http1(Duration idle, long maxRequests) {
    var base = UpstreamHttpConfig.DEFAULT;
    return new UpstreamHttpConfig(
        Choice.HTTP1,
        base.http1(),
        base.http2(),
        new Lifetime(idle, Duration.ZERO, maxRequests, Duration.ZERO),
        base.limits(),
        base.sni(),
        Duration.ZERO);
  }

  /// HTTP/2, with these PINGs.
  static UpstreamHttpConfig http2(Keepalive keepalive) {
    var base = UpstreamHttpConfig.DEFAULT;
    return new UpstreamHttpConfig(
        Choice.HTTP2,
        base.http1(),
        new Http2(4096, 1024, 1 << 20, 1 << 20, 1, keepalive),
        base.lifetime(),
        base.limits(),
        base.sni(),
        Duration.ZERO);
  }

  /// Asks for a stream; the answer hears of everything from then on.
  Answer ask() {
    var answer = new Answer(worker());
    CompletableFuture.runAsync(
            () -> {
              var host =
                  cluster().pick(new PickRequest(0, new SplittableRandom()).subset(SubsetKey.NONE));
              if (host == null) {
                throw new AssertionError("no host");
              }
              var request = new StreamRequest(HttpProtocol.HTTP1, "");
              cluster().http().newStream(worker(), host, request, answer);
            },
            worker()::execute)
        .join();
    return answer;
  }

  Worker worker() {
    return proxy.loops().workers().getFirst();
  }

  Cluster cluster() {
    return proxy.cluster("up");
  }

  void turn(Duration by) {
    clock.advance(by, proxy.loops());
  }

  void await(String stat, long value) {
    proxy.awaitStat("cluster.up." + stat, value);
  }

  @Override
  public void close() {
    proxy.onMain(() -> {
      cluster().drain();
      return true;
    });
    proxy.close();
  }
}
