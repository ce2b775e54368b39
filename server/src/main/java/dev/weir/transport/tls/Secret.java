package dev.weir.transport.tls;

import dev.weir.config.SecretConfig.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A secret while somebody needs it. Main loop only.
final class Secret {
  private final CompletableFuture<Void> awaited = new CompletableFuture<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private @Nullable Content content;

  /// What it is; null as long as nobody has said.
  @Nullable Content content() {
    return content;
  }

  /// Completes when it has come, or has been waited for long enough.
  CompletableFuture<Void> awaited() {
    return awaited;
  }

  void watch(Watcher watcher) {
    watchers.add(watcher);
  }

  void unwatch(Watcher watcher) {
    watchers.remove(watcher);
  }

  /// It has come, or has changed.
  ///
  /// @return why it stays what it was; null if it does not
  @Nullable String set(Content next) {
    if (!next.equals(content)) {
      for (var watcher : watchers) {
        var problem = watcher.problem(next);
        if (problem != null) {
          return problem;
        }
      }
      content = next;
      List.copyOf(watchers).forEach(Watcher::changed);
    }
    awaited.complete(null);
    return null;
  }

  /// Somebody who needs it.
  interface Watcher {
    /// What keeps it from being used; null for nothing.
    @Nullable String problem(Content next);

    /// It has come, or is another now.
    void changed();
  }

  /// It has been waited for long enough.
  void giveUpWaiting() {
    awaited.complete(null);
  }
}
