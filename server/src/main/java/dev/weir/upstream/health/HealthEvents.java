package dev.weir.upstream.health;

import com.google.gson.stream.JsonWriter;
import dev.weir.config.HealthCheckConfig;
import dev.weir.config.HealthCheckConfig.Probe;
import dev.weir.telemetry.EventFile;
import dev.weir.upstream.health.ProbeOutcome.Failed;
import dev.weir.upstream.host.EventJson;
import dev.weir.upstream.host.Host;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;

/// Writes what happens to the health of hosts, one `data.core.v3.HealthCheckEvent` on each line.
/// Main loop only.
final class HealthEvents {
  private final List<EventFile> files;
  private final String cluster;
  private final String type;
  private final HealthCheckConfig.EventLog wanted;
  private final Supplier<Instant> clock;

  /// @param files where to write; none writes nothing
  HealthEvents(
      List<EventFile> files, String cluster, HealthCheckConfig check, Supplier<Instant> clock) {
    this.files = files;
    this.cluster = cluster;
    this.type = type(check.probe());
    this.wanted = check.eventLog();
    this.clock = clock;
  }

  private static String type(Probe probe) {
    return switch (probe) {
      case Probe.Tcp _ -> "TCP";
      case Probe.Http _ -> "HTTP";
      case Probe.Grpc _ -> "GRPC";
    };
  }

  /// What an event says beside whom it is about.
  private interface Fields {
    void write(JsonWriter out) throws IOException;
  }

  /// A host has become healthy.
  void healthy(Host host, boolean first) {
    log(
        host,
        out ->
            out.name("add_healthy_event")
                .beginObject()
                .name("first_check")
                .value(first)
                .endObject(),
        _ -> {},
        _ -> {});
  }

  /// A host has become unhealthy.
  void unhealthy(Host host, Failed failure) {
    log(
        host,
        out ->
            out.name("eject_unhealthy_event")
                .beginObject()
                .name("failure_type")
                .value(failure.type().name())
                .name("http_status_code")
                .value(failure.status())
                .endObject(),
        _ -> {},
        _ -> {});
  }

  /// A check has failed.
  void failed(Host host, Failed failure, boolean first) {
    if (first || wanted.everyFailure()) {
      log(
          host,
          _ -> {},
          out ->
              out.name("health_check_failure_event")
                  .beginObject()
                  .name("failure_type")
                  .value(failure.type().name())
                  .name("first_check")
                  .value(first)
                  .name("http_status_code")
                  .value(failure.status())
                  .endObject(),
          _ -> {});
    }
  }

  /// A check has gone well.
  void passed(Host host) {
    if (wanted.everySuccess()) {
      log(
          host,
          _ -> {},
          _ -> {},
          out -> out.name("successful_health_check_event").beginObject().endObject());
    }
  }

  /// A host has become degraded, or is so no longer.
  void degraded(Host host, boolean now) {
    var name = now ? "degraded_healthy_host" : "no_longer_degraded_host";
    log(host, _ -> {}, out -> out.name(name).beginObject().endObject(), _ -> {});
  }

  /// @param early fields that stand before the time, in the order of their numbers
  /// @param late fields that stand behind it
  /// @param last fields that stand behind the locality
  private void log(Host host, Fields early, Fields late, Fields last) {
    if (files.isEmpty()) {
      return;
    }
    var text = new StringWriter();
    try (var out = new JsonWriter(text)) {
      out.beginObject();
      out.name("health_checker_type").value(type);
      EventJson.address("host", host.address(), out);
      out.name("cluster_name").value(cluster);
      early.write(out);
      out.name("timestamp").value(clock.get().truncatedTo(ChronoUnit.MILLIS).toString());
      late.write(out);
      EventJson.metadata("metadata", host.metadata(), out);
      EventJson.locality("locality", host.locality(), out);
      last.write(out);
      out.endObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // into memory
    }
    var line = text.toString();
    files.forEach(file -> file.append(line));
  }
}
