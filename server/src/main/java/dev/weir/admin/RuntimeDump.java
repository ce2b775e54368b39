package dev.weir.admin;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.bootstrap.v3.LayeredRuntime;
import io.envoyproxy.envoy.config.bootstrap.v3.RuntimeLayer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `/runtime`: the runtime values of the start configuration, layer by layer, the last one winning.
final class RuntimeDump {
  private final List<RuntimeLayer> layers;

  RuntimeDump(LayeredRuntime runtime) {
    layers = runtime.getLayersList();
  }

  Page page() {
    return Page.view("/runtime", "Runtime values", _ -> handle());
  }

  private AdminResponse handle() {
    var values = new TreeMap<String, List<String>>();
    for (int i = 0; i < layers.size(); i++) {
      collect("", layers.get(i).getStaticLayer(), i, values);
    }
    var page = new LinkedHashMap<String, Object>();
    page.put("layers", layers.stream().map(RuntimeLayer::getName).toList());
    var entries = new TreeMap<String, Object>();
    values.forEach((key, byLayer) -> entries.put(key, entry(byLayer)));
    page.put("entries", entries);
    return AdminResponse.json(out -> Json.write(page, out));
  }

  private static Map<String, Object> entry(List<String> byLayer) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("layer_values", byLayer);
    entry.put(
        "final_value",
        byLayer.reversed().stream().filter(v -> !v.isEmpty()).findFirst().orElse(""));
    return entry;
  }

  /// Structs inside structs are keys with dots.
  private void collect(String prefix, Struct struct, int layer, Map<String, List<String>> values) {
    struct
        .getFieldsMap()
        .forEach((name, value) -> {
          var key = prefix.isEmpty() ? name : prefix + "." + name;
          if (value.hasStructValue() && !isFraction(value.getStructValue())) {
            collect(key, value.getStructValue(), layer, values);
          } else {
            values
                .computeIfAbsent(key, _ -> new ArrayList<>(Collections.nCopies(layers.size(), "")))
                .set(layer, text(value));
          }
        });
  }

  private static boolean isFraction(Struct struct) {
    return struct.containsFields("numerator") || struct.containsFields("denominator");
  }

  private static String text(Value value) {
    return switch (value.getKindCase()) {
      case STRING_VALUE -> value.getStringValue();
      case NUMBER_VALUE -> Numbers.text(value.getNumberValue());
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case STRUCT_VALUE -> String.valueOf(value.getStructValue()).strip();
      case NULL_VALUE, LIST_VALUE, KIND_NOT_SET -> "";
    };
  }
}
