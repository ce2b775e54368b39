package dev.weir.http.router;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The attempts of one request that are under way: the newest, and with hedging earlier ones that
/// took too long and may still be answered. Its worker only.
final class OpenAttempts {
  private final List<UpstreamAttempt> earlier = new ArrayList<>(0);
  private @Nullable UpstreamAttempt newest;

  /// Another attempt begins; the one before goes on if it is not over.
  void begin(UpstreamAttempt next) {
    if (newest != null && !newest.isOver()) {
      earlier.add(newest);
    }
    newest = next;
  }

  /// The newest, which may be over; null before the first one.
  @Nullable UpstreamAttempt newest() {
    return newest;
  }

  /// Whether an answer may come of another attempt than this one.
  boolean others(UpstreamAttempt than) {
    for (int i = 0; i < earlier.size(); i++) {
      if (earlier.get(i) != than && !earlier.get(i).isOver()) {
        return true;
      }
    }
    return newest != null && newest != than && !newest.isOver();
  }

  /// Gives up all but this one.
  void keepOnly(UpstreamAttempt chosen) {
    for (int i = 0; i < earlier.size(); i++) {
      if (earlier.get(i) != chosen) {
        earlier.get(i).abandon();
      }
    }
    if (newest != null && newest != chosen) {
      newest.abandon();
    }
    earlier.clear();
    newest = chosen;
  }

  /// Does something with each that is not over.
  void each(Consumer<UpstreamAttempt> task) {
    for (int i = 0; i < earlier.size(); i++) {
      if (!earlier.get(i).isOver()) {
        task.accept(earlier.get(i));
      }
    }
    if (newest != null && !newest.isOver()) {
      task.accept(newest);
    }
  }

  /// Gives up all.
  void abandon() {
    for (int i = 0; i < earlier.size(); i++) {
      earlier.get(i).abandon();
    }
    earlier.clear();
    if (newest != null) {
      newest.abandon();
    }
  }
}
