package dev.weir.benchmarks;

import dev.weir.upstream.balance.LoadBalancer;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.host.Host;
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

/// One pick, as it is made for each attempt to connect: each with another hash.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class PickBenchmark {
  private static final long STEP = 0x9E37_79B9_7F4A_7C15L;

  /// See [Setup#policy].
  @Param({
    "round_robin",
    "round_robin weighted",
    "least_request",
    "least_request weighted",
    "least_request FULL_SCAN",
    "random",
    "ring_hash",
    "ring_hash bounded",
    "maglev"
  })
  public String policy = "";

  /// How many hosts the cluster has.
  @Param({"10", "1000", "10000"})
  public int hosts;

  /// Whether a tenth of them is asked for, by `metadata_match`.
  @Param({"false", "true"})
  public boolean subsets;

  private LoadBalancer balancer = LoadBalancer.NONE;
  private PickRequest request = new PickRequest(0, new SplittableRandom(1));
  private long hash = 1;

  /// Builds the cluster.
  @org.openjdk.jmh.annotations.Setup
  public void build() {
    var table = Setup.hosts(hosts, policy.endsWith("weighted"), Setup.SUBSETS);
    balancer = Setup.balancers(Setup.policy(policy), subsets).build(table, null);
    request = new PickRequest(0, new SplittableRandom(1));
    if (subsets) {
      request.subset(Setup.ONE_SUBSET);
    }
  }

  /// The pick.
  @Benchmark
  public @Nullable Host pick() {
    hash += STEP;
    return balancer.pick(request.hash(hash));
  }
}
