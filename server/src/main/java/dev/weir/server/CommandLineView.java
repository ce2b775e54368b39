package dev.weir.server;

import dev.weir.listener.DrainStrategy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The command line as `/server_info` shows it: by the names and in the order of
/// `admin.v3.CommandLineOptions`.
final class CommandLineView {
  private CommandLineView() {}

  static Map<String, Object> of(Options options) {
    var flags = options.flags();
    var view = new LinkedHashMap<String, Object>();
    view.put("base_id", Integer.toString(flags.baseId));
    view.put("concurrency", options.concurrency());
    view.put("config_path", flags.configPath);
    view.put("config_yaml", flags.configYaml);
    view.put("allow_unknown_static_fields", flags.allowUnknownStaticFields);
    view.put("admin_address_path", flags.adminAddressPath);
    view.put("local_address_ip_version", flags.localAddressIpVersion);
    view.put("log_level", options.log().level().text());
    view.put("component_log_level", flags.componentLogLevel);
    view.put("log_format", flags.logFormat == null ? LogPattern.DEFAULT : flags.logFormat);
    view.put("log_path", flags.logPath);
    view.put("service_cluster", flags.serviceCluster);
    view.put("service_node", flags.serviceNode);
    view.put("service_zone", flags.serviceZone);
    view.put("file_flush_interval", millis(flags.fileFlushIntervalMsec));
    view.put("drain_time", options.drain().time().toSeconds() + "s");
    view.put("parent_shutdown_time", flags.parentShutdownTimeS + "s");
    view.put("mode", mode(options.mode()));
    view.put("disable_hot_restart", flags.disableHotRestart);
    view.put("enable_mutex_tracing", flags.enableMutexTracing);
    view.put("restart_epoch", flags.restartEpoch);
    view.put("cpuset_threads", flags.cpusetThreads);
    view.put("reject_unknown_dynamic_fields", flags.rejectUnknownDynamicFields);
    view.put("log_format_escaped", flags.logFormatEscaped);
    view.put("disabled_extensions", list(flags.disableExtensions));
    view.put("ignore_unknown_dynamic_fields", flags.ignoreUnknownDynamicFields);
    view.put("use_dynamic_base_id", flags.useDynamicBaseId);
    view.put("base_id_path", flags.baseIdPath);
    view.put("drain_strategy", strategy(options.drain().strategy()));
    view.put("enable_fine_grain_logging", flags.enableFineGrainLogging);
    view.put("socket_path", flags.socketPath);
    view.put("socket_mode", Integer.parseInt(flags.socketMode, 8));
    view.put("enable_core_dump", flags.enableCoreDump);
    view.put("stats_tag", flags.statsTags);
    view.put("skip_hot_restart_on_no_parent", flags.skipHotRestartOnNoParent);
    view.put("skip_hot_restart_parent_stats", flags.skipHotRestartParentStats);
    view.put("skip_deprecated_logs", flags.skipDeprecatedLogs);
    view.put("file_flush_min_size", flags.fileFlushMinSizeKb);
    view.put("log_stacktrace_single_entry", flags.logStacktraceSingleEntry);
    return view;
  }

  private static List<String> list(String commas) {
    return commas.isEmpty() ? List.of() : List.of(commas.split(",", -1));
  }

  private static String millis(int value) {
    return value % 1000 == 0 ? value / 1000 + "s" : value / 1000.0 + "s";
  }

  private static String strategy(DrainStrategy strategy) {
    return switch (strategy) {
      case GRADUAL -> "Gradual";
      case IMMEDIATE -> "Immediate";
    };
  }

  private static String mode(Options.Mode mode) {
    return switch (mode) {
      case SERVE -> "Serve";
      case VALIDATE -> "Validate";
      case INIT_ONLY -> "InitOnly";
    };
  }
}
