package dev.weir.admin;

import java.util.LinkedHashMap;
import java.util.Map;

/// `/logging`: shows and changes the log level of each component.
final class LoggingPage {
  private static final String USAGE =
      """

      usage: /logging?level=<level> (all components)
      usage: /logging?<component>=<level> (one component)
      usage: /logging?paths=<component>:<level>,... (several)
      usage: /logging?group=<component>:<level> (one component)
      levels: trace debug info warning error critical off
      """;

  private final LogLevels levels;

  LoggingPage(LogLevels levels) {
    this.levels = levels;
  }

  Page page() {
    return Page.action(
        "/logging",
        "Show or change log levels",
        this::handle,
        Page.Parameter.text("paths", "Levels of several components: name:level,name:level"),
        Page.Parameter.text("group", "Level of one component: name:level"),
        Page.Parameter.text("level", "Level of all components"));
  }

  /// What a request gets wrong.
  private static final class BadRequest extends Exception {
    private static final long serialVersionUID = 1;

    BadRequest(String reason) {
      super(reason);
    }
  }

  private AdminResponse handle(AdminRequest request) {
    try {
      change(request.query());
      return AdminResponse.text(active());
    } catch (BadRequest e) {
      return AdminResponse.text(400, "error: " + e.getMessage() + "\n" + USAGE + active());
    }
  }

  private void change(Map<String, String> query) throws BadRequest {
    var given = new LinkedHashMap<>(query);
    given.values().removeIf(String::isEmpty);
    if (given.size() > 1) {
      throw new BadRequest("invalid number of parameters");
    }
    for (var parameter : given.entrySet()) {
      switch (parameter.getKey()) {
        case "level" -> levels.setAll(level(parameter.getValue()));
        case "paths", "group" -> pairs(parameter.getValue()).forEach(levels::set);
        default -> levels.set(component(parameter.getKey()), level(parameter.getValue()));
      }
    }
  }

  private Map<String, LogLevel> pairs(String text) throws BadRequest {
    var pairs = new LinkedHashMap<String, LogLevel>();
    for (var pair : text.split(",", -1)) {
      int colon = pair.indexOf(':');
      if (colon < 0) {
        throw new BadRequest("expected name:level, got '" + pair + "'");
      }
      pairs.put(component(pair.substring(0, colon)), level(pair.substring(colon + 1)));
    }
    return pairs;
  }

  private String component(String name) throws BadRequest {
    if (!levels.has(name)) {
      throw new BadRequest("unknown logger name");
    }
    return name;
  }

  private static LogLevel level(String text) throws BadRequest {
    var level = LogLevel.of(text);
    if (level == null) {
      throw new BadRequest("unknown logger level");
    }
    return level;
  }

  private String active() {
    var out = new StringBuilder("active loggers:\n");
    levels.all().forEach((name, level) -> out.append("  " + name + ": " + level.text() + "\n"));
    return out.append('\n').toString();
  }
}
