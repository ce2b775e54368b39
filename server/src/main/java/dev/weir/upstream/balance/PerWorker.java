package dev.weir.upstream.balance;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What each worker has of its own in something that all share: made when a worker first needs it,
/// and touched by that worker only.
final class PerWorker<T> {
  private final AtomicReferenceArray<@Nullable T> slots;
  private final Function<PickRequest, T> make;

  /// @param make makes a worker's part, for its first request
  PerWorker(int workers, Function<PickRequest, T> make) {
    this.slots = new AtomicReferenceArray<>(workers);
    this.make = make;
  }

  /// The part of the worker that this request lives on.
  T of(PickRequest request) {
    T mine = slots.getPlain(request.worker());
    if (mine == null) {
      mine = make.apply(request);
      slots.setPlain(request.worker(), mine);
    }
    return mine;
  }
}
