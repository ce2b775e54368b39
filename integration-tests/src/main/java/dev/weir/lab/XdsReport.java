package dev.weir.lab;

import com.google.protobuf.Message;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tells a person at the terminal what the control plane does, one line for each event.
final class XdsReport implements Consumer<XdsEvent> {

  private final PrintStream out;

  XdsReport(PrintStream out) {
    this.out = out;
  }

  void say(String line) {
    out.println("control plane: " + line);
  }

  /// Says what proxies are given from now on.
  void pushed(List<Message> resources) {
    var counts =
        resources.stream()
            .map(it -> plural(it.getDescriptorForType().getName()))
            .collect(Collectors.groupingBy(it -> it, TreeMap::new, Collectors.counting()));
    say("pushed " + (counts.isEmpty() ? "nothing: the folder is empty" : describe(counts)));
  }

  private static String describe(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(it -> it.getKey() + ": " + it.getValue())
        .collect(Collectors.joining(", "));
  }

  @Override
  public void accept(XdsEvent event) {
    var line = describe(event);
    if (line != null) {
      say(line);
    }
  }

  /// @return null for what is not worth a line
  private static @Nullable String describe(XdsEvent event) {
    return switch (event) {
      case XdsEvent.Connected(var node) -> node + " connected";
      case XdsEvent.Disconnected(var node) -> node + " disconnected";
      case XdsEvent.Sent _ -> null;
      case XdsEvent.Accepted(var node, var type, var version) ->
          node + " accepted " + kind(type) + " version " + version;
      case XdsEvent.Rejected(var node, var type, var version, var reason) ->
          node + " REJECTED " + kind(type) + " version " + version + ": " + reason.strip();
    };
  }

  private static String kind(String typeUrl) {
    return plural(typeUrl.substring(typeUrl.lastIndexOf('.') + 1));
  }

  private static String plural(String message) {
    return switch (message) {
      case "ClusterLoadAssignment" -> "endpoints";
      case "RouteConfiguration" -> "routes";
      default -> message.toLowerCase(Locale.ROOT) + "s";
    };
  }
}
