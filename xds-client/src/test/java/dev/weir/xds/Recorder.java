package dev.weir.xds;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A sink and its counters: writes down what it is given, and refuses what it is told to.
final class Recorder implements ResourceSink<String>, SubscriptionObserver {
  /// Each call as one line: `v1 +a=x -b !c`.
  final Deque<String> calls = new ArrayDeque<>();

  final Map<String, String> refuse = new HashMap<>();
  final Map<String, Integer> counts = new TreeMap<>();
  final PlaneRecorder plane = new PlaneRecorder();
  Runnable onApply = () -> {};
  String version = "";

  @Override
  public List<Rejected> apply(Update<String> update) {
    var line = new ArrayList<String>();
    line.add(update.version());
    update.changed().forEach(good -> line.add("+" + good.name() + "=" + good.value()));
    update.removed().stream().sorted().forEach(gone -> line.add("-" + gone));
    update.rejected().forEach(bad -> line.add("!" + bad.name()));
    calls.add(String.join(" ", line));
    onApply.run();
    return update.changed().stream()
        .filter(good -> refuse.containsKey(good.name()))
        .map(good -> new Rejected(good.name(), refuse.getOrDefault(good.name(), "")))
        .toList();
  }

  @Override
  public void initialFetchTimedOut(Set<String> names) {
    calls.add("timed out " + names);
  }

  @Override
  public void failed(String reason) {
    calls.add("failed");
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  /// Such as `attempt=2 success=1`.
  String counts() {
    return counts.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  @Override
  public void attempt() {
    count("attempt");
  }

  @Override
  public void success(String newVersion, Duration took) {
    version = newVersion;
    count("success");
  }

  @Override
  public void failure() {
    count("failure");
  }

  @Override
  public void rejected() {
    count("rejected");
  }

  @Override
  public void empty() {
    count("empty");
  }

  @Override
  public void initialFetchTimeout() {
    count("timeout");
  }

  @Override
  public void usedCached() {
    count("cached");
  }

  @Override
  public void unknownFields(List<String> fields) {
    counts.merge("unknown", fields.size(), Integer::sum);
  }

  @Override
  public ControlPlaneObserver controlPlane() {
    return plane;
  }

  /// The counters of a connection.
  static final class PlaneRecorder implements ControlPlaneObserver {
    boolean connected;
    int pending;
    int limited;
    String identifier = "";

    @Override
    public void connected(boolean now) {
      connected = now;
    }

    @Override
    public void pendingRequests(int count) {
      pending = count;
    }

    @Override
    public void rateLimitEnforced() {
      limited++;
    }

    @Override
    public void identifier(String who) {
      identifier = who;
    }
  }
}
