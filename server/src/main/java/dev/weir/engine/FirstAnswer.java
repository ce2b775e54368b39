package dev.weir.engine;

import dev.weir.xds.ConfigSource;
import dev.weir.xds.Rejected;
import dev.weir.xds.ResourceSink;
import dev.weir.xds.Update;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// Passes a type's updates on, and knows when there was a first answer of any kind: good, bad, or
/// none in time. A control plane that cannot be reached has not answered; a file that cannot be
/// read has.
final class FirstAnswer<T> implements ResourceSink<T> {
  private final Function<Update<T>, List<Rejected>> apply;
  private final boolean fromFile;
  private final CompletableFuture<Void> came = new CompletableFuture<>();

  FirstAnswer(ConfigSource source, Function<Update<T>, List<Rejected>> apply) {
    this.apply = apply;
    this.fromFile = source instanceof ConfigSource.File;
  }

  /// Completes on the main loop.
  CompletableFuture<Void> came() {
    return came;
  }

  @Override
  public List<Rejected> apply(Update<T> update) {
    var rejected = apply.apply(update);
    came.complete(null);
    return rejected;
  }

  @Override
  public void initialFetchTimedOut(Set<String> names) {
    came.complete(null);
  }

  @Override
  public void failed(String reason) {
    if (fromFile) {
      came.complete(null);
    }
  }
}
