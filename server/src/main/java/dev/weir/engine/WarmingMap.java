package dev.weir.engine;

import dev.weir.xds.SerialLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Live objects by name: warm, swap, drain. The old one serves until the new one is ready, and
/// drains after the new one has been published. Main loop only.
///
/// What changes within one turn of the loop is published as one, so that ten thousand clusters that
/// become warm together cost one new table and not ten thousand.
public final class WarmingMap<L extends WarmingMap.Member> {

  /// Something that takes a while to become ready.
  public interface Member {
    /// Completes, on any thread, when it is ready to serve.
    CompletableFuture<Void> warm();

    /// Another has taken its place, or it is removed.
    void drain();
  }

  private final SerialLoop main;
  private final Consumer<Map<String, L>> publish;
  private final Map<String, L> active = new LinkedHashMap<>();
  private final Map<String, L> warming = new LinkedHashMap<>();
  private final List<L> leaving = new ArrayList<>();
  private boolean changed;

  /// @param publish is shown all that is active, in a map that it must not keep
  public WarmingMap(SerialLoop main, Consumer<Map<String, L>> publish) {
    this.main = main;
    this.publish = publish;
  }

  /// Brings it into service under this name as soon as it is warm, at once if it is already, unless
  /// it is overtaken or removed before.
  public void put(String name, L next) {
    main.check();
    var overtaken = warming.put(name, next);
    if (overtaken != null) {
      leave(overtaken);
    }
    if (next.warm().isDone()) {
      promote(name, next);
    } else {
      next.warm().thenRunAsync(() -> promote(name, next), main);
    }
  }

  private void promote(String name, L next) {
    if (!warming.remove(name, next)) {
      return; // overtaken or removed while it warmed
    }
    var old = active.put(name, next);
    if (old != null) {
      leave(old);
    }
    changed();
  }

  /// Takes it out of service.
  ///
  /// @return whether there was one, active or warming
  public boolean remove(String name) {
    main.check();
    var unborn = warming.remove(name);
    if (unborn != null) {
      leave(unborn);
    }
    var old = active.remove(name);
    if (old != null) {
      leave(old);
    }
    return unborn != null || old != null;
  }

  /// The one that serves; null where there is none.
  public @Nullable L active(String name) {
    return active.get(name);
  }

  /// The one that is about to serve; null where there is none.
  public @Nullable L warming(String name) {
    return warming.get(name);
  }

  /// The newest of that name: the one that is warming, or else the one that serves.
  public @Nullable L latest(String name) {
    var next = warming.get(name);
    return next != null ? next : active.get(name);
  }

  /// The newest of each name, in the order in which the names first came.
  public Collection<L> latest() {
    var all = new LinkedHashMap<>(active);
    all.putAll(warming);
    return all.values();
  }

  /// All that serve, in the order in which their names first came.
  public Map<String, L> active() {
    return Collections.unmodifiableMap(active);
  }

  /// All that are about to serve.
  public Map<String, L> warming() {
    return Collections.unmodifiableMap(warming);
  }

  private void leave(L old) {
    leaving.add(old);
    changed();
  }

  private void changed() {
    if (!changed) {
      changed = true;
      main.execute(this::flush);
    }
  }

  private void flush() {
    changed = false;
    publish.accept(active());
    var drained = List.copyOf(leaving);
    leaving.clear();
    drained.forEach(Member::drain);
  }
}
