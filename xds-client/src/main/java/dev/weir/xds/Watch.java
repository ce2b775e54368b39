package dev.weir.xds;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One subscriber: what it wants, and what of it has not come yet. Main loop only.
final class Watch<T> {
  private static final System.Logger LOG = System.getLogger(Watch.class.getName());

  private final ResourceSink<T> sink;
  private final SubscriptionObserver observer;
  private final Duration initialFetchTimeout;
  private boolean wildcard;
  private Set<String> names = Set.of();
  private boolean openEnded;

  /// Names whose next answer is delivered even if nothing has changed.
  private final Set<String> awaited = new LinkedHashSet<>();

  private boolean awaitsAll;
  private SerialLoop.@Nullable Cancellable timer;
  private boolean answered;
  private boolean closed;

  Watch(ResourceSink<T> sink, SubscriptionObserver observer, Duration initialFetchTimeout) {
    this.sink = sink;
    this.observer = observer;
    this.initialFetchTimeout = initialFetchTimeout;
  }

  /// Wants these from now on.
  ///
  /// @return the names that it did not want before
  Set<String> want(Names wanted) {
    var before = names;
    var hadAll = wildcard;
    names = new LinkedHashSet<>();
    wildcard = false;
    switch (wanted) {
      case Names.Wildcard() -> wildcard = true;
      case Names.Listed(var listed) -> names.addAll(listed);
    }
    wildcard |= names.remove("*");
    openEnded = wildcard || names.stream().anyMatch(XdstpName::isCollection);
    awaitsAll = wildcard && (awaitsAll || !hadAll);
    awaited.retainAll(names);
    var added = new LinkedHashSet<>(names);
    added.removeAll(before);
    awaited.addAll(added);
    return added;
  }

  boolean wildcard() {
    return wildcard;
  }

  Set<String> names() {
    return names;
  }

  Set<String> awaited() {
    return awaited;
  }

  boolean awaitsAll() {
    return awaitsAll;
  }

  boolean awaits(String name) {
    return awaitsAll || awaited.contains(name) || awaitsCollectionOf(name);
  }

  private boolean awaitsCollectionOf(String name) {
    var collection = XdstpName.collectionOf(name);
    return collection != null && awaited.contains(collection);
  }

  /// Whether it wants whatever there is, of all or of a collection, and so has an interest in
  /// responses that hold nothing for it too.
  boolean openEnded() {
    return openEnded;
  }

  boolean closed() {
    return closed;
  }

  SubscriptionObserver observer() {
    return observer;
  }

  void close() {
    closed = true;
    stopTimer();
  }

  /// The request is on its way, or would be if the control plane could be reached: from now on it
  /// has time to answer.
  void asked(SerialLoop loop, Runnable timedOut) {
    if (timer == null && !answered && !closed && !initialFetchTimeout.isZero()) {
      timer = loop.schedule(initialFetchTimeout, timedOut);
    }
  }

  /// Something came for this subscriber, good or bad.
  private void answered() {
    answered = true;
    stopTimer();
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /// Gives the sink what concerns it.
  ///
  /// @return what the sink cannot apply
  List<Rejected> deliver(Update<T> update) {
    answered();
    update.changed().forEach(resource -> awaited.remove(resource.name()));
    update.removed().forEach(awaited::remove);
    awaited.removeIf(XdstpName::isCollection);
    awaitsAll = false;
    try {
      return sink.apply(update);
    } catch (RuntimeException e) {
      // A bug of ours must cost this update, not the conversation.
      LOG.log(System.Logger.Level.ERROR, "applying version " + update.version(), e);
      return update.changed().stream()
          .map(resource -> new Rejected(resource.name(), "internal error: " + e))
          .toList();
    }
  }

  /// A response came in which nothing was new for this subscriber.
  void confirmed() {
    answered();
  }

  void succeeded(String version, Duration took) {
    observer.success(version, took);
    observer.attempt();
  }

  void rejected() {
    observer.rejected();
    observer.attempt();
  }

  /// The control plane could not be reached.
  void unreachable(String reason) {
    observer.failure();
    observer.attempt();
    sink.failed(reason);
  }

  /// The control plane could not supply a resource.
  void failed(String reason) {
    answered();
    sink.failed(reason);
  }

  /// The control plane was too slow. The timer does not run again.
  void timedOut() {
    answered();
    observer.initialFetchTimeout();
    observer.attempt();
  }

  /// There was nothing to put in the place of an answer.
  void wentWithout(Collection<String> missing) {
    sink.initialFetchTimedOut(Set.copyOf(missing));
  }
}
