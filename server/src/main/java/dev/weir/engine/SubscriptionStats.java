package dev.weir.engine;

import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import dev.weir.xds.ControlPlaneObserver;
import dev.weir.xds.SubscriptionObserver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.openhft.hashing.LongHashFunction;

/// Counts what happens to a subscription, by the names below `cluster_manager.cds`,
/// `listener_manager.lds` or `cluster.<name>`.
public final class SubscriptionStats implements SubscriptionObserver {
  private static final LongHashFunction HASH = LongHashFunction.xx();

  private final StatScope scope;
  private final ConfigNotes notes;
  private final List<StatScope> own = new ArrayList<>();

  /// @param notes where it is said what is odd
  SubscriptionStats(StatScope scope, ConfigNotes notes) {
    this.scope = scope;
    this.notes = notes;
  }

  /// Counts below a prefix of its own, such as `sds.<name>`, until it is closed.
  public static SubscriptionStats of(Stats stats, String prefix, ConfigNotes notes) {
    var scope = stats.scope(prefix, StatFamilies.SUBSCRIPTION);
    var made = new SubscriptionStats(scope, notes);
    made.own.add(scope);
    return made;
  }

  @Override
  public void attempt() {
    scope.counter("update_attempt").increment();
  }

  @Override
  public void success(String version, Duration took) {
    scope.counter("update_success").increment();
    scope.gauge("update_time").set(System.currentTimeMillis());
    scope.gauge("version").set(HASH.hashBytes(version.getBytes(StandardCharsets.UTF_8)));
    scope.text("version_text").set(version);
    scope.histogram("update_duration").record(took.toMillis());
  }

  @Override
  public void failure() {
    scope.counter("update_failure").increment();
  }

  @Override
  public void rejected() {
    scope.counter("update_rejected").increment();
  }

  @Override
  public void empty() {
    scope.counter("update_empty").increment();
  }

  @Override
  public void initialFetchTimeout() {
    scope.counter("init_fetch_timeout").increment();
  }

  @Override
  public void usedCached() {
    scope.counter("assignment_use_cached").increment();
  }

  @Override
  public void unknownFields(List<String> fields) {
    notes.unknown(fields);
  }

  @Override
  public ControlPlaneObserver controlPlane() {
    var below = scope.scope("control_plane");
    own.add(below);
    return new ControlPlaneStats(below);
  }

  @Override
  public void close() {
    own.forEach(StatScope::close);
  }
}
