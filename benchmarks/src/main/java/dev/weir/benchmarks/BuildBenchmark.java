package dev.weir.benchmarks;

import dev.weir.upstream.balance.Balancers;
import dev.weir.upstream.balance.LoadBalancer;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a push costs: the balancer of a cluster with 10,000 hosts, with the first pick.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class BuildBenchmark {
  private static final int HOSTS = 10_000;

  /// See [Setup#policy].
  @Param({"round_robin", "round_robin weighted", "least_request", "ring_hash 65536", "maglev"})
  public String policy = "";

  /// Over how many subsets the hosts are spread; 0 for none.
  @Param({"0", "1000"})
  public int subsets;

  private HostTable table = Setup.hosts(0, false, 1);
  private Balancers balancers = Setup.balancers(Setup.policy("random"), false);

  /// Makes the hosts.
  @org.openjdk.jmh.annotations.Setup
  public void hosts() {
    table = Setup.hosts(HOSTS, policy.endsWith("weighted"), Math.max(1, subsets));
    balancers = Setup.balancers(Setup.policy(policy), subsets > 0);
  }

  /// Builds it, and picks once.
  @Benchmark
  public @Nullable Host build() {
    LoadBalancer balancer = balancers.build(table, null);
    var request = new PickRequest(0, new SplittableRandom(1));
    return balancer.pick(subsets > 0 ? request.subset(Setup.ONE_SUBSET) : request);
  }
}
