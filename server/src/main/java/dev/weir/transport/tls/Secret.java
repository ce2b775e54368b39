package dev.weir.transport.tls;

import dev.weir.config.SecretConfig.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A secret while somebody needs it. Main loop only.
final class Secret {
  private final CompletableFuture<Void> awaited = new CompletableFuture<>();
  private final List<Runnable> watchers = new ArrayList<>();
  private @Nullable Content content;

  /// What it is; null as long as nobody has said.
  @Nullable Content content() {
    return content;
  }

  /// Completes when it has come, or has been waited for long enough.
  CompletableFuture<Void> awaited() {
    return awaited;
  }

  void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  void unwatch(Runnable watcher) {
    watchers.remove(watcher);
  }

  /// It has come, or has changed.
  void set(Content next) {
    if (!next.equals(content)) {
      content = next;
      List.copyOf(watchers).forEach(Runnable::run);
    }
    awaited.complete(null);
  }

  /// It has been waited for long enough.
  void giveUpWaiting() {
    awaited.complete(null);
  }
}
