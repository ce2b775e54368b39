package dev.weir.admin;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;

/// A statistic's name as Prometheus wants it: what varies, such as the name of a cluster, is taken
/// out of it and becomes a label.
///
/// The rules are those of Envoy's default tags. A cluster's name and a stat prefix end at their
/// first dot, and what follows stays in the metric's name: dashboards are built on that.
///
/// @param metric with the `envoy_` in front
/// @param labels ready to be put between braces, without a comma at the end
record MetricName(String metric, String labels) {
  private static final Pattern RESPONSE_CODE = Pattern.compile("_rq_(\\d{3})$");
  private static final Pattern RESPONSE_CLASS = Pattern.compile("_rq_(\\d)xx$");
  private static final Pattern ADDRESS =
      Pattern.compile("^((?:[0-9.]+|\\[[0-9a-fA-F_.]*\\])_\\d+)\\.");

  static MetricName of(String name) {
    var cut = new Cut(name);
    cut.responseCode();
    switch (cut.firstSegment()) {
      case "cluster" -> cut.segment("cluster.", "envoy_cluster_name");
      case "tcp" -> cut.segment("tcp.", "envoy_tcp_prefix");
      case "http" -> cut.segment("http.", "envoy_http_conn_manager_prefix");
      case "listener" -> cut.listener();
      case "server", "listener_manager", "thread_local_cluster_manager" ->
          cut.worker(cut.firstSegment() + ".");
      default -> {}
    }
    return new MetricName("envoy_" + clean(cut.name), String.join(",", cut.labels));
  }

  private static String clean(String name) {
    var out = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      var plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      out.append(plain || c == '_' ? c : '_');
    }
    return out.toString();
  }

  private static String label(String name, String value) {
    var escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return name + "=\"" + escaped + "\"";
  }

  /// A name while it is being cut.
  private static final class Cut {
    private final List<String> labels = new ArrayList<>(2);
    private String name;

    Cut(String name) {
      this.name = name;
    }

    String firstSegment() {
      int dot = name.indexOf('.');
      return dot < 0 ? name : name.substring(0, dot);
    }

    void responseCode() {
      if (name.indexOf("_rq_") < 0) {
        return;
      }
      var code = RESPONSE_CODE.matcher(name);
      if (code.find()) {
        labels.add(label("envoy_response_code", code.group(1)));
        name = name.substring(0, code.start(1) - 1);
        return;
      }
      var family = RESPONSE_CLASS.matcher(name);
      if (family.find()) {
        labels.add(label("envoy_response_code_class", family.group(1)));
        name = name.substring(0, family.start(1)) + "xx";
      }
    }

    /// Takes out what stands between the prefix and the next dot.
    void segment(String prefix, String label) {
      int dot = name.indexOf('.', prefix.length());
      if (dot >= 0) {
        take(prefix.length(), dot, label);
      }
    }

    private void take(int start, int dot, String label) {
      labels.add(label(label, name.substring(start, dot)));
      name = name.substring(0, start) + name.substring(dot + 1);
    }

    void listener() {
      var prefix = "listener.";
      var rest = name.substring(prefix.length());
      var address = ADDRESS.matcher(rest);
      if (rest.startsWith("admin.")) {
        segment("listener.admin.http.", "envoy_http_conn_manager_prefix");
      } else if (address.find()) {
        int end = prefix.length() + address.end(1);
        worker(name.substring(0, end + 1));
        take(prefix.length(), end, "envoy_listener_address");
        if (name.startsWith("listener.http.")) {
          segment("listener.http.", "envoy_http_conn_manager_prefix");
        }
      } else {
        segment(prefix, "envoy_listener_address");
      }
    }

    /// Takes the number out of `worker_0.` behind the prefix.
    void worker(String prefix) {
      var start = prefix.length() + "worker_".length();
      int dot = name.indexOf('.', prefix.length());
      if (name.startsWith("worker_", prefix.length()) && dot > start) {
        labels.add(label("envoy_worker_id", name.substring(start, dot)));
        name = name.substring(0, start - 1) + name.substring(dot);
      }
    }
  }
}
