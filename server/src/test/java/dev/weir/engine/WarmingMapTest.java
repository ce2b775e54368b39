package dev.weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WarmingMapTest {
  private final ManualLoop loop = new ManualLoop();
  private final List<String> events = new ArrayList<>();
  private final WarmingMap<Thing> map = new WarmingMap<>(loop, this::published);

  /// Becomes warm when the test says so.
  private final class Thing implements WarmingMap.Member {
    private final String label;
    private final CompletableFuture<Void> warm = new CompletableFuture<>();

    Thing(String label) {
      this.label = label;
    }

    @Override
    public CompletableFuture<Void> warm() {
      return warm;
    }

    @Override
    public void drain() {
      events.add("drain " + label);
    }

    @Override
    public String toString() {
      return label;
    }
  }

  private void published(Map<String, Thing> active) {
    events.add("publish " + active);
  }

  private Thing put(String name, String label) {
    var thing = new Thing(label);
    map.put(name, thing);
    return thing;
  }

  private void warm(Thing thing) {
    thing.warm.complete(null);
    loop.run();
  }

  @Test
  void theOldServesUntilTheNewIsWarmAndDrainsAfterTheNewIsPublished() {
    warm(put("a", "old"));
    var next = put("a", "new");
    loop.run();
    assertEquals("old", String.valueOf(map.active("a")));
    warm(next);
    assertEquals(List.of("publish {a=old}", "publish {a=new}", "drain old"), events);
  }

  @Test
  void oneThatIsOvertakenWhileItWarmsNeverServes() {
    var first = put("a", "first");
    var second = put("a", "second");
    warm(first);
    assertNull(map.active("a"));
    warm(second);
    assertEquals(List.of("publish {}", "drain first", "publish {a=second}"), events);
  }

  @Test
  void oneThatIsRemovedWhileItWarmsNeverServes() {
    var thing = put("a", "thing");
    assertTrue(map.remove("a"));
    warm(thing);
    assertEquals(List.of("publish {}", "drain thing"), events);
  }

  @Test
  void removalTakesTheActiveAndTheWarming() {
    warm(put("a", "old"));
    put("a", "new");
    assertTrue(map.remove("a"));
    loop.run();
    assertEquals(List.of("publish {a=old}", "publish {}", "drain new", "drain old"), events);
    assertFalse(map.remove("a"));
  }

  @Test
  void whatBecomesWarmInOneTurnIsPublishedOnce() {
    var a = put("a", "A");
    var b = put("b", "B");
    a.warm.complete(null);
    b.warm.complete(null);
    loop.run();
    assertEquals(List.of("publish {a=A, b=B}"), events);
  }

  @Test
  void theLatestIsTheWarmingOneBeforeTheActiveOne() {
    warm(put("a", "old"));
    assertEquals("old", String.valueOf(map.latest("a")));
    put("a", "new");
    assertEquals("new", String.valueOf(map.latest("a")));
  }
}
