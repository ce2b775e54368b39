package dev.weir.xds;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// When resources with a time to live run out. Main loop only.
final class Expiry {
  private final SerialLoop loop;
  private final Consumer<String> expired;
  private final Map<String, SerialLoop.Cancellable> timers = new HashMap<>();

  /// @param expired is told the name
  Expiry(SerialLoop loop, Consumer<String> expired) {
    this.loop = loop;
    this.expired = expired;
  }

  /// A resource came, or a heartbeat for it: its time begins anew, or it has none any more.
  void renew(String name, @Nullable Duration ttl) {
    cancel(name);
    if (ttl != null) {
      timers.put(
          name,
          loop.schedule(
              ttl,
              () -> {
                timers.remove(name);
                expired.accept(name);
              }));
    }
  }

  void cancel(String name) {
    var timer = timers.remove(name);
    if (timer != null) {
      timer.cancel();
    }
  }

  void cancelAll() {
    timers.values().forEach(SerialLoop.Cancellable::cancel);
    timers.clear();
  }
}
