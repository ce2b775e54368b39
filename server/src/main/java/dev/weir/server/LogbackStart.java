package dev.weir.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/// Keeps Logback from looking for configuration files and from parsing XML at every start: found by
/// it as a service, and asked before its own ways. Until [Logging] takes over, and where nobody
/// starts it, as in a test, warnings go to standard error.
public final class LogbackStart extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    var root = context.getLogger(LogComponents.ROOT);
    root.setLevel(Level.WARN);
    root.addAppender(Logging.appender(context, null, new LogPattern(LogPattern.DEFAULT, false)));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
