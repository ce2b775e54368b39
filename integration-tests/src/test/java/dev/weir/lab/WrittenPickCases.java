package dev.weir.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The cases of `pick-cases.yaml`.
final class WrittenPickCases {
  private static final int SOURCES = 59;

  private WrittenPickCases() {}

  /// @param ports of backends, which the file knows as `HOST1` and so on
  static List<PickCase> read(List<Integer> ports) throws IOException {
    String text;
    try (var file =
        Objects.requireNonNull(WrittenPickCases.class.getResourceAsStream("pick-cases.yaml"))) {
      text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (int i = 0; i < ports.size(); i++) {
      text = text.replace("HOST" + (i + 1), ports.get(i).toString());
    }
    var cases = new ArrayList<PickCase>();
    var settings = LoadSettings.builder().setMaxAliasesForCollections(1000).build();
    for (var entry : map(new Load(settings).loadFromString(text)).entrySet()) {
      var body = map(entry.getValue());
      cases.add(
          new PickCase(
              entry.getKey(),
              map(Objects.requireNonNull(body.get("tcp_proxy"))),
              maps(Objects.requireNonNull(body.get("clusters"))),
              body.containsKey("sources") ? PickCase.sources(SOURCES) : List.of(),
              body.containsKey("held")));
    }
    return cases;
  }

  @SuppressWarnings("unchecked") // as the file is written
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked") // as the file is written
  private static List<Map<String, Object>> maps(Object value) {
    return (List<Map<String, Object>>) value;
  }
}
