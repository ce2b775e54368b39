package dev.weir.telemetry;

import dev.weir.config.CelExpression;
import dev.weir.config.CelValues;
import dev.weir.config.LogOperator;
import dev.weir.config.Metadata;
import dev.weir.config.StateValue;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What expressions can ask of a connection or a request, by Envoy's names; the one place for all
/// of them. Source: Envoy's list of attributes. The connection's worker only.
public final class Attributes implements CelExpression.Variables {
  private static final Map<String, AttributeGroup.Attribute> GROUPS =
      Map.of(
          "request", record -> new AttributeGroup(RequestAttributes.ALL, record),
          "response", record -> new AttributeGroup(ResponseAttributes.ALL, record),
          "connection", record -> new AttributeGroup(ConnectionAttributes.ALL, record),
          "source", record -> new AttributeGroup(ConnectionAttributes.SOURCE, record),
          "destination", record -> new AttributeGroup(ConnectionAttributes.DESTINATION, record),
          "upstream", record -> new AttributeGroup(UpstreamAttributes.ALL, record),
          "xds", record -> new AttributeGroup(UpstreamAttributes.XDS, record),
          "metadata", Attributes::dynamicMetadata,
          "filter_state", FilterStateAttributes::new,
          "upstream_filter_state",
              record -> UpstreamAttributes.of(record) == null ? null : Map.of());

  private final ConnectionRecord record;

  private Attributes(ConnectionRecord record) {
    this.record = record;
  }

  /// Those of a connection, or of a request on one.
  public static Attributes of(ConnectionRecord record) {
    return new Attributes(record);
  }

  @Override
  public @Nullable Object find(String name) {
    var group = GROUPS.get(name);
    return group == null ? null : group.of(record);
  }

  private static Map<String, Object> dynamicMetadata(ConnectionRecord record) {
    return record.metadata == null ? Map.of() : metadata(new Metadata(Map.copyOf(record.metadata)));
  }

  /// Metadata, as a `config.core.v3.Metadata` message.
  static Map<String, Object> metadata(Metadata metadata) {
    var namespaces = new HashMap<String, Object>();
    metadata
        .namespaces()
        .forEach((namespace, fields) -> namespaces.put(namespace, CelValues.of(fields)));
    return Map.of("filter_metadata", namespaces);
  }

  /// A fact that is kept elsewhere, as text; null if it is not known.
  static @Nullable String text(@Nullable LogFacts facts, LogOperator operator, String argument) {
    if (facts == null) {
      return null;
    }
    var line = new LogLine();
    return facts.write(operator, argument, line) == FactKind.ABSENT ? null : line.toString();
  }

  /// As above, a number.
  static @Nullable Long number(@Nullable LogFacts facts, LogOperator operator) {
    var text = text(facts, operator, "");
    return text == null ? null : (Long) Long.parseLong(text);
  }

  /// The first of several names.
  static @Nullable String first(@Nullable LogFacts facts, LogOperator operator) {
    var names = text(facts, operator, "");
    return names == null || names.indexOf(',') < 0 ? names : names.substring(0, names.indexOf(','));
  }

  static @Nullable String address(@Nullable SocketAddress address) {
    return address == null ? null : AddressText.of(address);
  }

  static @Nullable Long port(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet ? (Long) (long) inet.getPort() : null;
  }

  /// A filter state object, as bytes; null if it has no text.
  static @Nullable Object state(@Nullable StateValue value) {
    var text = value == null ? null : value.text();
    return text == null ? null : CelValues.bytes(text);
  }
}
