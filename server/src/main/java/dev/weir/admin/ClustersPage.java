package dev.weir.admin;

import com.google.re2j.Pattern;
import dev.weir.admin.Page.Parameter;
import dev.weir.config.CircuitBreakersConfig.Thresholds;
import dev.weir.engine.ClusterEntry;
import dev.weir.proto.WireJson;
import dev.weir.telemetry.StatsQuery;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.outlier.SuccessRates;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `/clusters`: the clusters that serve, host by host.
final class ClustersPage {
  private final EngineView engine;

  ClustersPage(EngineView engine) {
    this.engine = engine;
  }

  Page page() {
    return Page.view(
        "/clusters",
        "Clusters and their hosts",
        this::handle,
        Parameter.text("filter", "Regular expression (RE2) that a part of the name matches"),
        Parameter.choice("format", "How to write them", "text", "json"));
  }

  private AdminResponse handle(AdminRequest request) {
    Pattern filter;
    try {
      filter = StatsQuery.filter(request.value("filter", ""));
    } catch (IllegalArgumentException e) {
      return AdminResponse.text(400, String.valueOf(e.getMessage()));
    }
    var clusters = select(filter);
    if (request.value("format", "text").equals("json")) {
      return AdminResponse.json(
          out -> WireJson.write(ClustersDump.status(clusters), WireJson.Layout.PRETTY, out));
    }
    return AdminResponse.text(out -> {
      for (var cluster : clusters) {
        write(cluster, out);
      }
    });
  }

  private List<ClusterEntry> select(@Nullable Pattern filter) {
    return engine.snapshot().activeClusters().stream()
        .filter(entry -> filter == null || filter.matcher(entry.origin().name()).find())
        .toList();
  }

  private static void write(ClusterEntry entry, Writer out) throws IOException {
    var config = entry.origin().config();
    var lines = new Lines(config.name() + "::", out);
    lines.add("observability_name", config.statName());
    rates(lines, "success_rate", entry.cluster().successRates());
    rates(lines, "local_origin_success_rate", entry.cluster().localOriginSuccessRates());
    thresholds(lines, "default_priority", config.upstream().circuitBreakers().normal());
    thresholds(lines, "high_priority", config.upstream().circuitBreakers().high());
    lines.add("added_via_api", entry.origin().viaApi());
    for (var host : entry.cluster().table().hosts()) {
      write(host, new Lines(config.name() + "::" + host.address() + "::", out));
    }
  }

  private static void rates(Lines lines, String name, @Nullable SuccessRates rates)
      throws IOException {
    if (rates != null) {
      lines.add("outlier::" + name + "_average", number(rates.average()));
      lines.add("outlier::" + name + "_ejection_threshold", number(rates.threshold()));
    }
  }

  /// With six digits at most, as Envoy prints it.
  private static String number(double value) {
    return new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros().toPlainString();
  }

  private static void thresholds(Lines lines, String priority, Thresholds limits)
      throws IOException {
    lines.add(priority + "::max_connections", limits.maxConnections());
    lines.add(priority + "::max_pending_requests", limits.maxPendingRequests());
    lines.add(priority + "::max_requests", limits.maxRequests());
    lines.add(priority + "::max_retries", limits.maxRetries());
  }

  private static void write(Host host, Lines lines) throws IOException {
    var counters = host.counters();
    lines.add("cx_active", counters.cxActive());
    lines.add("cx_connect_fail", counters.cxConnectFail());
    lines.add("cx_total", counters.cxTotal());
    lines.add("rq_active", counters.rqActive());
    lines.add("rq_error", counters.rqError());
    lines.add("rq_pending_active", counters.rqPending());
    lines.add("rq_success", counters.rqSuccess());
    lines.add("rq_timeout", counters.rqTimeout());
    lines.add("rq_total", counters.rqTotal());
    lines.add("hostname", host.hostname());
    lines.add("health_flags", host.healthText());
    lines.add("weight", host.weight());
    lines.add("region", host.locality().region());
    lines.add("zone", host.locality().zone());
    lines.add("sub_zone", host.locality().subZone());
    lines.add("canary", false);
    lines.add("priority", host.info().place().priority());
    lines.add("success_rate", number(host.monitor().successRate()));
    lines.add("local_origin_success_rate", number(host.monitor().localOriginSuccessRate()));
  }

  /// Lines that begin alike.
  private record Lines(String prefix, Writer out) {
    void add(String name, Object value) throws IOException {
      out.append(prefix).append(name).append("::").append(value.toString()).append('\n');
    }
  }
}
