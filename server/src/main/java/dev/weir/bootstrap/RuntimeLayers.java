package dev.weir.bootstrap;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.bootstrap.v3.LayeredRuntime;
import java.util.HashMap;
import java.util.Map;

/// What the static layers of runtime say.
///
/// @param values by key, with dots
record RuntimeLayers(Map<String, Value> values) {
  static RuntimeLayers of(LayeredRuntime wire) {
    var values = new HashMap<String, Value>();
    for (var layer : wire.getLayersList()) {
      collect("", layer.getStaticLayer(), values);
    }
    return new RuntimeLayers(values);
  }

  /// Later layers go before earlier ones. Keys may be nested instead of having dots.
  private static void collect(String prefix, Struct layer, Map<String, Value> values) {
    layer
        .getFieldsMap()
        .forEach((key, value) -> {
          var name = prefix.isEmpty() ? key : prefix + "." + key;
          if (value.hasStructValue()) {
            collect(name, value.getStructValue(), values);
          } else {
            values.put(name, value);
          }
        });
  }

  boolean isTrue(String key) {
    var value = values.getOrDefault(key, Value.getDefaultInstance());
    return value.getBoolValue() || value.getStringValue().equalsIgnoreCase("true");
  }

  /// Those that are numbers, none of them negative.
  Map<String, Long> numbers() {
    var numbers = new HashMap<String, Long>();
    values.forEach((name, value) -> {
      if (value.hasNumberValue() && value.getNumberValue() >= 0) {
        numbers.put(name, (long) value.getNumberValue());
      } else if (value.hasStringValue() && value.getStringValue().matches("\\d{1,18}")) {
        numbers.put(name, Long.parseLong(value.getStringValue()));
      }
    });
    return Map.copyOf(numbers);
  }
}
