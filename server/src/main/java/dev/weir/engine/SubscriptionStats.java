package dev.weir.engine;

import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import dev.weir.xds.ControlPlaneObserver;
import dev.weir.xds.SubscriptionObserver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import net.openhft.hashing.LongHashFunction;

/// Counts what happens to a subscription, by the names below `cluster_manager.cds`,
/// `listener_manager.lds` or `cluster.<name>`.
public final class SubscriptionStats implements SubscriptionObserver {
  private static final LongHashFunction HASH = LongHashFunction.xx();

  private final StatScope scope;
  private final ConfigNotes notes;

  /// @param notes where it is said what is odd
  SubscriptionStats(StatScope scope, ConfigNotes notes) {
    this.scope = scope;
    this.notes = notes;
  }

  /// Counts below a prefix, such as `sds.<name>`.
  public static SubscriptionStats of(Stats stats, String prefix, ConfigNotes notes) {
    return new SubscriptionStats(stats.scope(prefix, StatFamilies.SUBSCRIPTION), notes);
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
    return new ControlPlaneStats(scope.scope("control_plane"));
  }
}
