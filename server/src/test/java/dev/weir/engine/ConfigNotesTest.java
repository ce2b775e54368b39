package dev.weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.config.Checked;
import dev.weir.telemetry.Stats;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigNotesTest {
  private final Stats stats = new Stats();
  private final ConfigNotes notes = new ConfigNotes(stats, false);

  private long count(String scope, String name) {
    return stats.scope(scope).counter(name).value();
  }

  @Test
  void anUnknownFieldIsCountedOnceHoweverOftenItComes() {
    var resource = new Checked<>("x", List.of(), List.of(), List.of("a: no such field"));
    notes.accepted("lds: x", resource);
    notes.accepted("lds: x", resource);
    notes.unknown(List.of("b", "c"));
    notes.unknown(List.of("b", "c"));
    assertEquals(2, count("server", "dynamic_unknown_fields"));
  }

  @Test
  void unknownFieldsOfTheStartConfigurationCountAsOne() {
    notes.start(List.of("strange"), List.of(), List.of("a", "b"));
    assertEquals(1, count("server", "static_unknown_fields"));
    assertEquals(0, count("server", "dynamic_unknown_fields"));
  }

  @Test
  void deprecatedFieldsAreCountedAlsoWhereNobodyWantsToHearOfThem() {
    notes.accepted("lds: x", new Checked<>("x", List.of(), List.of("a", "b"), List.of()));
    assertEquals(2, count("runtime", "deprecated_feature_use"));
  }
}
