package dev.weir.upstream.outlier;

import com.google.gson.stream.JsonWriter;
import dev.weir.telemetry.EventFile;
import dev.weir.upstream.host.Host;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Writes ejections and their ends, one `data.cluster.v3.OutlierDetectionEvent` on each line. Main
/// loop only.
final class OutlierEvents {
  private final @Nullable EventFile file;
  private final String cluster;
  private final Supplier<Instant> clock;

  /// @param file null for none
  OutlierEvents(@Nullable EventFile file, String cluster, Supplier<Instant> clock) {
    this.file = file;
    this.cluster = cluster;
    this.clock = clock;
  }

  /// A host was found to be an outlier.
  ///
  /// @param rates of all hosts, for the causes that compare them
  /// @param ago seconds since the host was last ejected or taken back; -1 for never
  record Ejected(
      Host host,
      OutlierMonitor monitor,
      EjectionCause cause,
      SuccessRates rates,
      boolean enforced,
      long ago) {}

  void ejected(Ejected event) {
    log(
        event.cause,
        event.host,
        event.ago,
        out -> {
          out.name("action").value("EJECT");
          out.name("num_ejections").value(event.monitor.ejections.count());
          out.name("enforced").value(event.enforced);
          cause(event, out);
        });
  }

  private static void cause(Ejected event, JsonWriter out) throws IOException {
    switch (event.cause) {
      case CONSECUTIVE_5XX,
          CONSECUTIVE_GATEWAY_FAILURE,
          CONSECUTIVE_LOCAL_ORIGIN_FAILURE,
          DEGRADED ->
          out.name("eject_consecutive_event").beginObject().endObject();
      case SUCCESS_RATE -> rate(event, event.monitor.external, out);
      case SUCCESS_RATE_LOCAL_ORIGIN -> rate(event, event.monitor.local, out);
      case FAILURE_PERCENTAGE -> percentage(event.monitor.external, out);
      case FAILURE_PERCENTAGE_LOCAL_ORIGIN -> percentage(event.monitor.local, out);
    }
  }

  private static void rate(Ejected event, Tally host, JsonWriter out) throws IOException {
    out.name("eject_success_rate_event").beginObject();
    out.name("host_success_rate").value((long) host.rate());
    out.name("cluster_average_success_rate").value((long) event.rates.average());
    out.name("cluster_success_rate_ejection_threshold").value((long) event.rates.threshold());
    out.endObject();
  }

  private static void percentage(Tally host, JsonWriter out) throws IOException {
    out.name("eject_failure_percentage_event").beginObject();
    out.name("host_success_rate").value((long) host.rate());
    out.endObject();
  }

  /// A host was taken back. Its event has the first of all causes, as Envoy's has.
  void unejected(Host host, OutlierMonitor monitor, long ago) {
    log(
        EjectionCause.CONSECUTIVE_5XX,
        host,
        ago,
        out -> {
          out.name("action").value("UNEJECT");
          out.name("num_ejections").value(monitor.ejections.count());
          out.name("enforced").value(false);
        });
  }

  /// What an event says beside whom it is about.
  private interface Fields {
    void write(JsonWriter out) throws IOException;
  }

  private void log(EjectionCause cause, Host host, long ago, Fields fields) {
    if (file == null) {
      return;
    }
    var text = new StringWriter();
    try (var out = new JsonWriter(text)) {
      out.beginObject();
      out.name("type").value(cause.name());
      out.name("timestamp").value(clock.get().truncatedTo(ChronoUnit.MILLIS).toString());
      if (ago >= 0) {
        out.name("secs_since_last_action").value(Long.toString(ago));
      }
      out.name("cluster_name").value(cluster);
      out.name("upstream_url").value(host.address().toString());
      fields.write(out);
      out.endObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // into memory
    }
    file.append(text.toString());
  }
}
