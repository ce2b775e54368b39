package dev.weir.xds;

import com.google.protobuf.Message;
import dev.weir.xds.ResourceStatus.State;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// All that one source says of one type: who wants it, what is held of it. It outlives the streams
/// on which it is spoken of. Main loop only.
final class Topic<M extends Message, T> {
  private static final System.Logger LOG = System.getLogger(Topic.class.getName());

  private final ResourceType<M, T> type;
  private final Kind kind;
  private final SerialLoop loop;
  private final Consumer<Topic<?, ?>> changed;
  private final Interest<T> interest = new Interest<>();
  private final ResourceCache<T> cache;
  private final Intake<M, T> intake;

  /// Subscribers whose wish has not been told to the control plane yet.
  private final Set<Watch<T>> untold = new LinkedHashSet<>();

  /// @param workers where many resources are decoded
  /// @param changed told when the control plane has to be told of a change
  Topic(ResourceType<M, T> type, SerialLoop loop, Executor workers, Consumer<Topic<?, ?>> changed) {
    this.type = type;
    this.kind = Kind.of(type.typeUrl());
    this.loop = loop;
    this.changed = changed;
    cache = new ResourceCache<>(kind);
    intake = new Intake<>(type, loop, workers, interest, cache);
  }

  /// This, if it is of that type.
  ///
  /// @throws IllegalStateException if it has another decoder
  @SuppressWarnings("unchecked") // an equal type has the same parameters
  <N extends Message, U> Topic<N, U> as(ResourceType<N, U> wanted) {
    if (!type.equals(wanted)) {
      throw new IllegalStateException("two decoders for " + type.typeUrl());
    }
    return (Topic<N, U>) this;
  }

  String typeUrl() {
    return type.typeUrl();
  }

  Kind kind() {
    return kind;
  }

  Interest<T> interest() {
    return interest;
  }

  /// The version of the last response with which nothing was wrong.
  String acceptedVersion() {
    return cache.version();
  }

  /// The newest version of each resource we hold, which may be empty.
  Map<String, String> heldVersions() {
    return cache.versions();
  }

  List<ResourceStatus> snapshot() {
    var names = new LinkedHashSet<>(interest.names());
    names.removeIf(XdstpName::isCollection);
    return cache.snapshot(names);
  }

  Subscription subscribe(
      Names names, ResourceSink<T> sink, SubscriptionObserver observer, Duration timeout) {
    var watch = new Watch<>(sink, observer, timeout);
    want(watch, names);
    // An answer is due to whoever subscribes, also where the request stays as it was.
    changed.accept(Topic.this);
    return new Subscription() {
      @Override
      public void update(Set<String> wanted) {
        loop.check();
        if (want(watch, new Names.Listed(wanted))) {
          changed.accept(Topic.this);
        }
      }

      @Override
      public void close() {
        loop.check();
        watch.close();
        if (want(watch, new Names.Listed(Set.of()))) {
          changed.accept(Topic.this);
        }
      }
    };
  }

  /// @return whether the control plane has to be told
  private boolean want(Watch<T> watch, Names names) {
    var news = interest.want(watch, names);
    if (watch.closed()) {
      untold.remove(watch);
    } else {
      untold.add(watch);
      loop.execute(() -> offerHeld(watch));
    }
    return news;
  }

  /// Gives a new subscriber what is held already, where that is good enough.
  private void offerHeld(Watch<T> watch) {
    if (kind.heldIsGoodEnough() && !watch.closed()) {
      deliverHeld(watch);
    }
  }

  /// @return whether something was held of what the watch waits for
  private boolean deliverHeld(Watch<T> watch) {
    var held = watch.awaitsAll() ? cache.all() : held(watch.awaited());
    if (held.isEmpty()) {
      return false;
    }
    for (var refused : watch.deliver(new Update<>(held, List.of(), List.of(), cache.version()))) {
      LOG.log(Level.WARNING, () -> typeUrl() + " " + refused.name() + ": " + refused.reason());
    }
    return true;
  }

  private List<Accepted<T>> held(Set<String> names) {
    var held = new ArrayList<Accepted<T>>();
    for (var wanted : names) {
      for (var name : cache.namesOf(wanted)) {
        var resource = cache.find(name);
        if (resource != null) {
          held.add(resource);
        }
      }
    }
    return held;
  }

  /// Whether a new subscriber of this name can do with what is held.
  boolean serves(String name) {
    return kind.heldIsGoodEnough() && cache.find(name) != null;
  }

  /// Just before the control plane is told what is wanted, or would be if it could be reached:
  /// forgets what nobody wants any more, and from now on waits for answers.
  void settle() {
    interest.takeDropped().forEach(intake::forget);
    untold.forEach(watch -> watch.asked(loop, () -> timedOut(watch)));
    untold.clear();
  }

  private void timedOut(Watch<T> watch) {
    var waiting = Set.copyOf(watch.awaited());
    LOG.log(
        Level.WARNING,
        () -> "gRPC config: initial fetch timed out for " + typeUrl() + " " + waiting);
    for (var name : waiting) {
      if (cache.find(name) == null) {
        cache.miss(name, State.TIMEOUT);
      }
    }
    watch.timedOut();
    if (deliverHeld(watch)) {
      watch.observer().usedCached();
    } else {
      watch.wentWithout(waiting);
    }
  }

  /// Takes in a response. The next must not be handed in before `done` is called.
  ///
  /// @param done told what is wrong with it: before this returns, unless it is large
  void receive(Response response, Consumer<List<Rejected>> done) {
    intake.receive(response, done);
  }

  /// What was to be read is no response at all: nothing changes.
  ///
  /// @param verdict what the subscribers' observers are to count
  void unreadable(String reason, Consumer<SubscriptionObserver> verdict) {
    var update =
        new Update<T>(List.of(), List.of(), List.of(Rejected.unreadable("", reason, null)), "");
    for (var watch : interest.watches()) {
      watch.deliver(update);
      verdict.accept(watch.observer());
      watch.observer().attempt();
    }
  }

  /// The control plane could not be reached.
  void unreachable(String reason) {
    interest.watches().forEach(watch -> watch.unreachable(reason));
  }

  /// No sink is called any more.
  void close() {
    interest.watches().forEach(Watch::close);
    intake.close();
  }
}
