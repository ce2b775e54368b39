package dev.weir.telemetry;

import dev.weir.config.AccessLogType;
import dev.weir.config.LogTemplate;
import dev.weir.config.LogTemplate.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/// Text with facts in it, as one array of steps.
final class TextFormat implements LogFormat {
  private final Step[] steps;

  TextFormat(LogTemplate template, boolean omitEmpty) {
    var compiled = new ArrayList<Step>();
    for (var part : template.parts()) {
      compiled.add(
          switch (part) {
            case Part.Literal(var text) -> literal(text.getBytes(StandardCharsets.UTF_8));
            case Part.Command command -> fact(Facts.of(command), command.maxLength(), omitEmpty);
          });
    }
    steps = compiled.toArray(Step[]::new);
  }

  private interface Step {
    void write(ConnectionRecord record, AccessLogType type, LogLine line);
  }

  @Override
  public void write(ConnectionRecord record, AccessLogType type, LogLine line) {
    for (var step : steps) {
      step.write(record, type, line);
    }
  }

  private static Step literal(byte[] text) {
    return (_, _, line) -> line.raw(text);
  }

  private static Step fact(Fact fact, int maxLength, boolean omitEmpty) {
    return (record, type, line) -> {
      int from = line.length();
      if (fact.write(record, type, line) == FactKind.ABSENT) {
        line.cut(from);
        if (!omitEmpty) {
          line.ascii('-');
        }
      }
      line.limit(from, maxLength);
    };
  }
}
