package dev.weir.server;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The command line as it was written, filled in by picocli. [Options] is what it means.
@Command(
    name = "weir",
    sortOptions = false,
    usageHelpAutoWidth = true,
    customSynopsis = "weir -c FILE [flags]",
    description = "A layer 4 data plane that is driven by xDS. The flags are Envoy's.%n",
    footerHeading = "%nProperties of the JVM, in WEIR_JAVA_OPTS:%n",
    footer = {
      "  -Ddev.weir.transport=epoll|io_uring|nio",
      "                             How bytes reach the kernel.",
      "  -Ddev.weir.tls=boringssl|jdk",
      "                             Whose TLS it is."
    })
final class Flags {

  @Option(
      names = {"-c", "--config-path"},
      paramLabel = "FILE",
      description = "Start configuration: .yaml, .yml, .json, .pb or .pb_text.")
  String configPath = "";

  @Option(
      names = "--config-yaml",
      paramLabel = "YAML",
      description = "Start configuration in the flag itself; laid over the file, if there is one.")
  String configYaml = "";

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "serve (default), validate (check the configuration and exit), or init_only (start, and"
              + " exit instead of serving).")
  String mode = "serve";

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Worker threads. Default: as many as there are cores for us; 0 is taken for 1.")
  @Nullable Integer concurrency;

  @Option(
      names = {"-l", "--log-level"},
      paramLabel = "LEVEL",
      description = "trace, debug, info (default), warning or warn, error, critical, off.")
  String logLevel = "info";

  @Option(
      names = "--component-log-level",
      paramLabel = "NAME:LEVEL,...",
      description = "Levels of single components, such as upstream:debug,config:trace.")
  String componentLogLevel = "";

  @Option(
      names = "--log-format",
      paramLabel = "PATTERN",
      description = "Layout of a log line in spdlog's flags.")
  @Nullable String logFormat;

  @Option(
      names = "--log-format-escaped",
      description = "Show control characters in log lines as \\n and the like.")
  boolean logFormatEscaped;

  @Option(
      names = "--log-path",
      paramLabel = "FILE",
      description = "Log to a file instead of standard error.")
  String logPath = "";

  @Option(names = "--service-cluster", paramLabel = "NAME", description = "The node's cluster.")
  String serviceCluster = "";

  @Option(names = "--service-node", paramLabel = "NAME", description = "The node's id.")
  String serviceNode = "";

  @Option(names = "--service-zone", paramLabel = "NAME", description = "The node's zone.")
  String serviceZone = "";

  @Option(
      names = "--admin-address-path",
      paramLabel = "FILE",
      description = "File to write the admin interface's address to.")
  String adminAddressPath = "";

  @Option(
      names = "--drain-time-s",
      paramLabel = "SECONDS",
      description = "How long the connections of a removed listener may go on. Default: 600.")
  int drainTimeS = 600;

  @Option(
      names = "--drain-strategy",
      paramLabel = "WHEN",
      description =
          "gradual (default) spreads the closes over the drain time; immediate asks all clients at"
              + " once to leave, where a protocol can, and closes the others when it is over.")
  String drainStrategy = "gradual";

  @Option(
      names = "--shutdown-grace-s",
      paramLabel = "SECONDS",
      description =
          "On SIGTERM, stop accepting and let connections end by themselves for that long before"
              + " exiting. Default: 0, exit at once. This flag is Weir's own.")
  int shutdownGraceS;

  @Option(
      names = "--until-stdin-ends",
      description =
          "End as on SIGTERM when standard input ends: with the process at the other end of the"
              + " pipe, however that one ends. This flag is Weir's own.")
  boolean untilStdinEnds;

  @Option(
      names = "--parent-shutdown-time-s",
      paramLabel = "SECONDS",
      description = "Accepted; Weir has no hot restart.")
  int parentShutdownTimeS = 900;

  @Option(
      names = "--local-address-ip-version",
      paramLabel = "VERSION",
      description = "v4 (default) or v6: which of its own addresses the process tells.")
  String localAddressIpVersion = "v4";

  @Option(
      names = "--file-flush-interval-msec",
      paramLabel = "MS",
      description = "How often access logs are written out. Default: 10000.")
  int fileFlushIntervalMsec = 10_000;

  @Option(
      names = "--file-flush-min-size-kb",
      paramLabel = "KB",
      description = "How much of an access log is gathered before it is written. Default: 64.")
  int fileFlushMinSizeKb = 64;

  @Option(
      names = {"--allow-unknown-static-fields", "--allow-unknown-fields"},
      description = "Accept fields in the start configuration that do not exist.")
  boolean allowUnknownStaticFields;

  @Option(
      names = "--reject-unknown-dynamic-fields",
      description = "Refuse resources with fields that do not exist.")
  boolean rejectUnknownDynamicFields;

  @Option(
      names = "--ignore-unknown-dynamic-fields",
      description = "Say nothing of fields in resources that do not exist.")
  boolean ignoreUnknownDynamicFields;

  @Option(names = "--skip-deprecated-logs", description = "Say nothing of deprecated fields.")
  boolean skipDeprecatedLogs;

  @Option(
      names = "--stats-tag",
      paramLabel = "NAME:VALUE",
      description = "A tag on every statistic; may be given more than once.")
  List<String> statsTags = new ArrayList<>();

  @Option(
      names = "--disable-extensions",
      paramLabel = "NAME,...",
      description = "Extensions that are treated as if they did not exist.")
  String disableExtensions = "";

  @Option(names = "--version", description = "Print the version and exit.")
  boolean version;

  @Option(names = "--hot-restart-version", description = "Print the admin protocol's version.")
  boolean hotRestartVersion;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this and exit.")
  boolean help;

  // Accepted without effect: they serve Envoy's hot restart or its own diagnostics.

  @Option(names = "--base-id", hidden = true)
  int baseId;

  @Option(names = "--use-dynamic-base-id", hidden = true)
  boolean useDynamicBaseId;

  @Option(names = "--base-id-path", hidden = true)
  String baseIdPath = "";

  @Option(names = "--disable-hot-restart", hidden = true)
  boolean disableHotRestart;

  @Option(names = "--restart-epoch", hidden = true)
  int restartEpoch;

  @Option(names = "--skip-hot-restart-on-no-parent", hidden = true)
  boolean skipHotRestartOnNoParent;

  @Option(names = "--skip-hot-restart-parent-stats", hidden = true)
  boolean skipHotRestartParentStats;

  @Option(names = "--socket-path", hidden = true)
  String socketPath = "@envoy_domain_socket";

  @Option(names = "--socket-mode", hidden = true)
  String socketMode = "600";

  @Option(names = "--cpuset-threads", hidden = true)
  boolean cpusetThreads;

  @Option(names = "--enable-core-dump", hidden = true)
  boolean enableCoreDump;

  @Option(names = "--enable-mutex-tracing", hidden = true)
  boolean enableMutexTracing;

  @Option(names = "--enable-fine-grain-logging", hidden = true)
  boolean enableFineGrainLogging;

  @Option(names = "--log-stacktrace-single-entry", hidden = true)
  boolean logStacktraceSingleEntry;
}
