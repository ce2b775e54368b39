package dev.weir.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.weir.admin.LogLevel;
import dev.weir.admin.LogLevels;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// The process's own log: every library's and our own lines in one layout, on standard error or in
/// a file.
///
/// Any thread may call; what it does is done by Logback, which is safe for that.
final class Logging implements LogLevels {
  private static final Marker CRITICAL = MarkerFactory.getMarker("critical");

  private final LoggerContext context;
  private final ConcurrentHashMap<String, LogLevel> levels = new ConcurrentHashMap<>();
  private volatile OutputStreamAppender<ILoggingEvent> appender;

  private Logging(LoggerContext context, OutputStreamAppender<ILoggingEvent> appender) {
    this.context = context;
    this.appender = appender;
  }

  /// Begins to log on standard error, with the default layout, at `info`.
  static Logging start() {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    var logging =
        new Logging(context, appender(context, null, new LogPattern(LogPattern.DEFAULT, false)));
    context.getLogger(LogComponents.ROOT).addAppender(logging.appender);
    logging.setAll(LogLevel.INFO);
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    return logging;
  }

  /// Goes on with another layout or at another place.
  ///
  /// @param path the file to append to; null for standard error
  void write(@Nullable String path, LogPattern pattern) {
    var next = appender(context, path, pattern);
    var root = context.getLogger(LogComponents.ROOT);
    root.addAppender(next);
    root.detachAppender(appender);
    appender.stop();
    appender = next;
  }

  /// Opens the log file anew, after somebody has moved it away.
  void reopen() {
    if (appender instanceof FileAppender<ILoggingEvent> file) {
      file.stop();
      file.start();
    }
  }

  /// A line of the highest level, which no logger of the JDK has.
  void critical(String component, String text) {
    if (levels.getOrDefault(component, LogLevel.INFO) != LogLevel.OFF) {
      var event =
          new ch.qos.logback.classic.spi.LoggingEvent(
              Logging.class.getName(), context.getLogger(component), Level.ERROR, text, null, null);
      event.addMarker(CRITICAL);
      appender.doAppend(event);
    }
  }

  @Override
  public Map<String, LogLevel> all() {
    var all = new LinkedHashMap<String, LogLevel>();
    for (var name : LogComponents.names()) {
      all.put(name, levels.getOrDefault(name, LogLevel.INFO));
    }
    return Collections.unmodifiableMap(all);
  }

  @Override
  public void set(String component, LogLevel level) {
    var loggers = LogComponents.loggersOf(component);
    if (!loggers.isEmpty()) {
      levels.put(component, level);
    }
    for (var name : loggers) {
      var applied = LogComponents.foreign(name) ? quieter(level) : level;
      context.getLogger(name).setLevel(logback(applied));
    }
  }

  @Override
  public void setAll(LogLevel level) {
    LogComponents.names().forEach(name -> set(name, level));
  }

  /// The level that a line was written at.
  static LogLevel levelOf(ILoggingEvent event) {
    var markers = event.getMarkerList();
    if (markers != null && markers.contains(CRITICAL)) {
      return LogLevel.CRITICAL;
    }
    return switch (event.getLevel().toInt()) {
      case Level.TRACE_INT -> LogLevel.TRACE;
      case Level.DEBUG_INT -> LogLevel.DEBUG;
      case Level.INFO_INT -> LogLevel.INFO;
      case Level.WARN_INT -> LogLevel.WARNING;
      default -> LogLevel.ERROR;
    };
  }

  /// Libraries speak one step more quietly: what is information to them is detail to us.
  private static LogLevel quieter(LogLevel level) {
    return switch (level) {
      case TRACE -> LogLevel.DEBUG;
      case DEBUG, INFO -> LogLevel.INFO;
      case WARNING, ERROR, CRITICAL, OFF -> level;
    };
  }

  private static Level logback(LogLevel level) {
    return switch (level) {
      case TRACE -> Level.TRACE;
      case DEBUG -> Level.DEBUG;
      case INFO -> Level.INFO;
      case WARNING -> Level.WARN;
      case ERROR -> Level.ERROR;
      case CRITICAL, OFF -> Level.OFF;
    };
  }

  /// A place to write to; null for standard error.
  static OutputStreamAppender<ILoggingEvent> appender(
      LoggerContext context, @Nullable String path, LogPattern pattern) {
    OutputStreamAppender<ILoggingEvent> appender;
    if (path == null) {
      var console = new ConsoleAppender<ILoggingEvent>();
      console.setTarget("System.err");
      appender = console;
    } else {
      var file = new FileAppender<ILoggingEvent>();
      file.setFile(path);
      file.setAppend(true);
      appender = file;
    }
    var encoder = new Encoder(pattern);
    encoder.setContext(context);
    encoder.start();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  /// Logback's name for a layout that makes bytes.
  private static final class Encoder extends EncoderBase<ILoggingEvent> {
    private final LogPattern pattern;

    Encoder(LogPattern pattern) {
      this.pattern = pattern;
    }

    @Override
    public byte @Nullable [] headerBytes() {
      return null;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
      return pattern.format(event).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte @Nullable [] footerBytes() {
      return null;
    }
  }
}
