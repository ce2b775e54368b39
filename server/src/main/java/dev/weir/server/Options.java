package dev.weir.server;

import dev.weir.admin.LogLevel;
import dev.weir.bootstrap.BootstrapLoader;
import dev.weir.bootstrap.BootstrapLoader.NodeOverrides;
import dev.weir.listener.DrainStrategy;
import dev.weir.proto.OnUnknown;
import dev.weir.transport.LocalAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the command line asks for, checked.
///
/// @param mode what to do
/// @param concurrency how many workers, at least 1
/// @param log how to log
/// @param localAddress by which the process tells of itself
/// @param drain how to end connections
/// @param unknown what to do about fields that do not exist
/// @param flags the command line as it was written, for all that needs no checking
record Options(
    Mode mode,
    int concurrency,
    LogOptions log,
    LocalAddress localAddress,
    DrainOptions drain,
    UnknownFields unknown,
    Flags flags) {

  /// What to do.
  enum Mode {
    /// Serve until told to stop.
    SERVE,
    /// Check the configuration and exit.
    VALIDATE,
    /// Start all that serving needs, and exit instead.
    INIT_ONLY
  }

  /// How to log.
  ///
  /// @param components levels of single components
  /// @param pattern null where none was asked for
  /// @param path null for standard error
  record LogOptions(
      LogLevel level,
      Map<String, LogLevel> components,
      @Nullable String pattern,
      boolean escaped,
      @Nullable String path) {}

  /// How to end connections.
  ///
  /// @param time over which the connections of a removed listener are closed
  /// @param strategy how they are spread over it
  /// @param grace how long connections may go on after SIGTERM; zero exits at once
  record DrainOptions(Duration time, DrainStrategy strategy, Duration grace) {}

  /// What to do about fields that do not exist, in the start configuration and in what is pushed.
  record UnknownFields(OnUnknown inStatic, OnUnknown inDynamic) {}

  /// Makes sense of the command line.
  ///
  /// @throws BadFlagException if it makes none
  static Options of(Flags flags) throws BadFlagException {
    return new Options(
        mode(flags.mode),
        concurrency(flags.concurrency),
        log(flags),
        localAddress(flags.localAddressIpVersion),
        drain(flags),
        unknown(flags),
        flags);
  }

  /// What the start configuration is to be made of.
  BootstrapLoader.Request bootstrapRequest() {
    return new BootstrapLoader.Request(
        flags.configPath,
        flags.configYaml,
        new NodeOverrides(flags.serviceNode, flags.serviceCluster, flags.serviceZone),
        unknown.inStatic,
        unknown.inDynamic);
  }

  private static Mode mode(String text) throws BadFlagException {
    return switch (text) {
      case "serve" -> Mode.SERVE;
      case "validate" -> Mode.VALIDATE;
      case "init_only" -> Mode.INIT_ONLY;
      default -> throw new BadFlagException("unknown mode '" + text + "'");
    };
  }

  /// The cores are those that a container may use.
  private static int concurrency(@Nullable Integer asked) {
    return asked == null ? Runtime.getRuntime().availableProcessors() : Math.max(1, asked);
  }

  private static LogOptions log(Flags flags) throws BadFlagException {
    var components = new LinkedHashMap<String, LogLevel>();
    for (var pair : flags.componentLogLevel.split(",", -1)) {
      if (!pair.isEmpty()) {
        var parts = pair.split(":", -1);
        if (parts.length != 2) {
          throw new BadFlagException("component log level not correctly specified '" + pair + "'");
        }
        var level = level(parts[1]);
        if (LogComponents.loggersOf(parts[0]).isEmpty()) {
          throw new BadFlagException("invalid component specified '" + parts[0] + "'");
        }
        components.put(parts[0], level);
      }
    }
    var path = flags.logPath.isEmpty() ? null : flags.logPath;
    return new LogOptions(
        level(flags.logLevel), components, flags.logFormat, flags.logFormatEscaped, path);
  }

  private static LogLevel level(String text) throws BadFlagException {
    var level = LogLevel.of(text);
    if (level == null) {
      throw new BadFlagException("invalid log level specified '" + text + "'");
    }
    return level;
  }

  private static DrainOptions drain(Flags flags) throws BadFlagException {
    var strategy =
        switch (flags.drainStrategy) {
          case "gradual" -> DrainStrategy.GRADUAL;
          case "immediate" -> DrainStrategy.IMMEDIATE;
          default ->
              throw new BadFlagException("unknown drain-strategy '" + flags.drainStrategy + "'");
        };
    return new DrainOptions(
        Duration.ofSeconds(flags.drainTimeS), strategy, Duration.ofSeconds(flags.shutdownGraceS));
  }

  private static LocalAddress localAddress(String version) throws BadFlagException {
    return switch (version) {
      case "v4" -> LocalAddress.IPV4;
      case "v6" -> LocalAddress.IPV6;
      default -> throw new BadFlagException("unknown IP address version '" + version + "'");
    };
  }

  private static UnknownFields unknown(Flags flags) {
    var inDynamic = flags.rejectUnknownDynamicFields ? OnUnknown.REJECT : OnUnknown.WARN;
    return new UnknownFields(
        flags.allowUnknownStaticFields ? OnUnknown.WARN : OnUnknown.REJECT,
        flags.ignoreUnknownDynamicFields ? OnUnknown.IGNORE : inDynamic);
  }
}
