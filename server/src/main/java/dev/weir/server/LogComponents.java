package dev.weir.server;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The components under which log lines appear and whose levels can be set.
///
/// A logger is either named after its component or after its class; a class belongs to the
/// component of its package. Names that only the reference proxy logs under are known as well, so
/// that flags and commands that were written for it are understood.
final class LogComponents {

  /// The logger above all others.
  static final String ROOT = "ROOT";

  private static final String NAMES =
      """
      a2a admin ai_protocol_manager alternate_protocols_cache aws assert backtrace basic_auth
      cache_filter client config connection conn_handler compression credential_injector
      decompression dns dubbo envoy_bug ext_authz ext_proc rocketmq file filter forward_proxy
      geolocation grpc happy_eyeballs hc health_checker http http2 hystrix init io jwt json_rpc kafka
      key_value_store lua local_rate_limit main matcher mcp misc mongo multi_connection notification
      oauth2 quic quic_stream pool rate_limit_quota rbac rds redis router runtime stats secret sse
      tap testing thrift tracing upstream udp wasm websocket golang stats_sinks dynamic_modules
      ip_tagging\
      """;

  /// Which component the classes of a package belong to.
  private static final Map<String, String> PACKAGES =
      Map.ofEntries(
          Map.entry("dev.weir.server", "main"),
          Map.entry("dev.weir.admin", "admin"),
          Map.entry("dev.weir.engine", "config"),
          Map.entry("dev.weir.listener", "conn_handler"),
          Map.entry("dev.weir.tcpproxy", "filter"),
          Map.entry("dev.weir.http", "http"),
          Map.entry("dev.weir.connection", "connection"),
          Map.entry("dev.weir.upstream", "upstream"),
          Map.entry("dev.weir.transport", "connection"),
          Map.entry("dev.weir.telemetry", "stats"),
          Map.entry("dev.weir.config", "config"),
          Map.entry("dev.weir.bootstrap", "config"),
          Map.entry("dev.weir.xds", "config"),
          Map.entry("dev.weir.proto", "config"),
          Map.entry("io.netty", "io"),
          Map.entry("io.grpc", "grpc"));

  private static final Map<String, List<String>> LOGGERS = loggers();

  private static final ConcurrentHashMap<String, String> SEEN = new ConcurrentHashMap<>();

  private LogComponents() {}

  /// All components, in the order in which they are shown.
  static List<String> names() {
    return List.copyOf(LOGGERS.keySet());
  }

  /// The loggers whose level is the component's; empty where there is no such component.
  static List<String> loggersOf(String component) {
    return LOGGERS.getOrDefault(component, List.of());
  }

  /// Whether a logger is a library's, which tells more than one wants to know of a gateway.
  static boolean foreign(String logger) {
    return logger.equals(ROOT) || (logger.indexOf('.') >= 0 && !logger.startsWith("dev.weir."));
  }

  /// The component that a logger speaks for.
  static String of(String logger) {
    return SEEN.computeIfAbsent(logger, LogComponents::find);
  }

  private static String find(String logger) {
    if (LOGGERS.containsKey(logger)) {
      return logger;
    }
    for (int end = logger.length(); end > 0; end = logger.lastIndexOf('.', end - 1)) {
      var component = PACKAGES.get(logger.substring(0, end));
      if (component != null) {
        return component;
      }
    }
    return "misc";
  }

  private static Map<String, List<String>> loggers() {
    var loggers = new LinkedHashMap<String, List<String>>();
    for (var name : NAMES.split("\\s+", -1)) {
      var names = new ArrayList<>(List.of(name));
      if (name.equals("misc")) {
        names.add(ROOT);
      }
      PACKAGES.forEach((prefix, component) -> {
        if (component.equals(name)) {
          names.add(prefix);
        }
      });
      loggers.put(name, List.copyOf(names));
    }
    return Collections.unmodifiableMap(loggers);
  }
}
