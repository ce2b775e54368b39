package dev.weir.telemetry;

import dev.weir.config.LogTemplate.Part.Command;
import dev.weir.config.Metadata;
import dev.weir.config.MetadataValue;
import dev.weir.config.StateValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What configuration attached to things, and what filters left behind.
final class StateFacts {
  private static final byte[] HEADERS_START = ascii("{\"headers\":[");
  private static final byte[] KEY = ascii("{\"key\":");
  private static final byte[] NEXT_KEY = ascii(",{\"key\":");
  private static final byte[] VALUE = ascii(",\"value\":");
  private static final byte[] HEADERS_END = ascii("]}");

  private StateFacts() {}

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static Fact of(Command command) {
    var parts = List.of(command.argument().split(":", -1));
    return switch (command.operator()) {
      case DYNAMIC_METADATA -> metadata("DYNAMIC", parts);
      case CLUSTER_METADATA -> metadata("CLUSTER", parts);
      case UPSTREAM_METADATA -> metadata("UPSTREAM_HOST", parts);
      case METADATA -> metadata(parts.getFirst(), parts.subList(1, parts.size()));
      case FILTER_STATE -> filterState(parts);
      case UPSTREAM_FILTER_STATE -> (_, _, _) -> FactKind.ABSENT; // Nothing writes it yet.
      default -> throw Facts.misplaced(command);
    };
  }

  private static Fact metadata(String owner, List<String> path) {
    String namespace = path.isEmpty() ? "" : path.getFirst();
    var keys = path.isEmpty() ? path : path.subList(1, path.size());
    var values = values(owner, namespace);
    return (record, _, line) -> {
      var found = find(values.apply(record), keys);
      return found == null ? FactKind.ABSENT : write(found, line);
    };
  }

  private static Function<ConnectionRecord, Map<String, MetadataValue>> values(
      String owner, String namespace) {
    return switch (owner) {
      case "DYNAMIC" -> record -> record.metadata(namespace);
      case "CLUSTER" ->
          record ->
              record.upstream == null || record.upstream.cluster == null
                  ? Map.of()
                  : record.upstream.cluster.metadata().in(namespace);
      case "UPSTREAM_HOST" ->
          record ->
              record.upstream == null || record.upstream.host == null
                  ? Map.of()
                  : record.upstream.host.metadata().in(namespace);
      case "LISTENER" ->
          record ->
              (record.listener == null ? Metadata.NONE : record.listener.metadata()).in(namespace);
      case "LISTENER_FILTER_CHAIN" ->
          record ->
              (record.filterChain == null ? Metadata.NONE : record.filterChain.metadata())
                  .in(namespace);
      case "ROUTE" ->
          record -> {
            var route = record.http == null ? null : record.http.route();
            return (route == null ? Metadata.NONE : route.metadata()).in(namespace);
          };
      case "VIRTUAL_HOST" ->
          record ->
              (record.http == null ? Metadata.NONE : record.http.hostMetadata()).in(namespace);
      default -> _ -> Map.of();
    };
  }

  /// The value below these keys, or the whole namespace if there are none; null if there is no such
  /// value.
  static @Nullable MetadataValue find(Map<String, MetadataValue> values, List<String> keys) {
    if (values.isEmpty()) {
      return null;
    }
    MetadataValue found = new MetadataValue.Fields(values);
    for (var key : keys) {
      if (!(found instanceof MetadataValue.Fields(var fields))) {
        return null;
      }
      found = fields.get(key);
    }
    return found;
  }

  private static FactKind write(MetadataValue value, LogLine line) {
    if (value instanceof MetadataValue.Text(var text)) {
      line.text(text);
      return FactKind.TEXT;
    }
    JsonText.value(value, line);
    return FactKind.LITERAL;
  }

  private static Fact filterState(List<String> parts) {
    String key = parts.getFirst();
    String form = parts.size() > 1 ? parts.get(1) : "TYPED";
    String field = parts.getLast();
    return (record, _, line) -> {
      var object = record.filterState(key);
      if (object == null) {
        return FactKind.ABSENT;
      }
      return switch (form) {
        case "PLAIN" -> plain(object.text(), line);
        case "FIELD" -> field(object, field, line);
        default -> typed(object, line);
      };
    };
  }

  private static FactKind plain(@Nullable String text, LogLine line) {
    if (text == null) {
      return FactKind.ABSENT;
    }
    line.text(text);
    return FactKind.TEXT;
  }

  private static FactKind field(StateValue object, String field, LogLine line) {
    if (!(object instanceof StateValue.Ip(var address, boolean fields)) || !fields) {
      return FactKind.ABSENT;
    }
    return switch (field) {
      case "ip" -> plain(address.host(), line);
      case "port" -> {
        line.number(address.port());
        yield FactKind.LITERAL;
      }
      default -> FactKind.ABSENT;
    };
  }

  /// As the object's protobuf message prints in JSON; not every object has one.
  private static FactKind typed(StateValue object, LogLine line) {
    switch (object) {
      case StateValue.Text(var text, boolean typed) when typed -> JsonText.string(text, line);
      case StateValue.Hashable(var text) -> JsonText.string(text, line);
      case StateValue.Flag flag -> line.text(flag.text());
      case StateValue.Number number when number.wide() -> JsonText.string(number.text(), line);
      case StateValue.Number number -> line.text(number.text());
      case StateValue.Values(var values) -> JsonText.value(new MetadataValue.Fields(values), line);
      case StateValue.Headers(var headers) -> headers(headers, line);
      case StateValue.Text _,
          StateValue.Names _,
          StateValue.Ip _,
          StateValue.Tlvs _,
          StateValue.Offers _ -> {
        return FactKind.ABSENT;
      }
    }
    return FactKind.LITERAL;
  }

  /// As `config.core.v3.HeaderMap`.
  private static void headers(List<StateValue.Header> headers, LogLine line) {
    line.raw(HEADERS_START);
    boolean first = true;
    for (var header : headers) {
      line.raw(first ? KEY : NEXT_KEY);
      first = false;
      JsonText.string(header.name(), line);
      line.raw(VALUE);
      JsonText.string(header.value(), line);
      line.ascii('}');
    }
    line.raw(HEADERS_END);
  }
}
