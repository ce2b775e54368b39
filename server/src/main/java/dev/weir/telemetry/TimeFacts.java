package dev.weir.telemetry;

import dev.weir.config.LogTemplate.Part.Command;

/// The time of day.
final class TimeFacts {
  private static final String DEFAULT = "%Y-%m-%dT%H:%M:%E3SZ";
  private static final String DEFAULT_LOCAL = "%Y-%m-%dT%H:%M:%E3S%z";

  private TimeFacts() {}

  static Fact of(Command command) {
    String argument = command.argument();
    return switch (command.operator()) {
      case START_TIME -> start(format(argument, DEFAULT, false));
      case START_TIME_LOCAL -> start(format(argument, DEFAULT_LOCAL, true));
      case EMIT_TIME -> emit(format(argument, DEFAULT, false));
      case EMIT_TIME_LOCAL -> emit(format(argument, DEFAULT_LOCAL, true));
      default -> throw Facts.misplaced(command);
    };
  }

  private static TimeFormat format(String argument, String otherwise, boolean local) {
    return TimeFormat.of(argument.isEmpty() ? otherwise : argument, local);
  }

  private static Fact start(TimeFormat format) {
    return (record, _, line) -> {
      format.write(record.startMicros, line);
      return FactKind.TEXT;
    };
  }

  private static Fact emit(TimeFormat format) {
    return (record, _, line) -> {
      format.write(record.clock.epochMicros(), line);
      return FactKind.TEXT;
    };
  }
}
