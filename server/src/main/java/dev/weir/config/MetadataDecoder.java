package dev.weir.config;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// Makes [Metadata] and [SubsetMatch] of structs.
public final class MetadataDecoder {
  private MetadataDecoder() {}

  /// All namespaces.
  public static Metadata metadata(io.envoyproxy.envoy.config.core.v3.Metadata wire) {
    if (wire.getFilterMetadataCount() == 0) {
      return Metadata.NONE;
    }
    var namespaces = new TreeMap<String, Map<String, MetadataValue>>();
    wire.getFilterMetadataMap().forEach((name, struct) -> namespaces.put(name, fields(struct)));
    return new Metadata(Collections.unmodifiableMap(namespaces));
  }

  /// The criteria of the namespace that load balancing reads.
  public static SubsetMatch match(io.envoyproxy.envoy.config.core.v3.Metadata wire) {
    return match(wire.getFilterMetadataOrDefault(Metadata.LB, Struct.getDefaultInstance()));
  }

  static SubsetMatch match(Struct wire) {
    return wire.getFieldsCount() == 0 ? SubsetMatch.NONE : new SubsetMatch(fields(wire));
  }

  /// The fields of a struct, by name.
  public static Map<String, MetadataValue> fields(Struct wire) {
    var fields = new TreeMap<String, MetadataValue>();
    wire.getFieldsMap().forEach((key, value) -> fields.put(key, value(value)));
    return Collections.unmodifiableMap(fields);
  }

  private static MetadataValue value(Value wire) {
    return switch (wire.getKindCase()) {
      case BOOL_VALUE -> new MetadataValue.Bool(wire.getBoolValue());
      case NUMBER_VALUE -> new MetadataValue.Numeric(wire.getNumberValue());
      case STRING_VALUE -> new MetadataValue.Text(wire.getStringValue());
      case LIST_VALUE ->
          new MetadataValue.Items(
              wire.getListValue().getValuesList().stream().map(MetadataDecoder::value).toList());
      case STRUCT_VALUE -> new MetadataValue.Fields(fields(wire.getStructValue()));
      case NULL_VALUE, KIND_NOT_SET -> new MetadataValue.Null();
    };
  }
}
