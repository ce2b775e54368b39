package dev.weir.xds;

import com.google.protobuf.Message;
import dev.weir.xds.ResourceCache.Merge;
import dev.weir.xds.ResourceStatus.State;
import dev.weir.xds.Response.Manner;
import io.envoyproxy.envoy.service.discovery.v3.ResourceError;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Takes in the responses of one type: decode, merge, deliver. Main loop only.
final class Intake<M extends Message, T> {
  private static final System.Logger LOG = System.getLogger(Intake.class.getName());

  private final Kind kind;
  private final SerialLoop loop;
  private final Interest<T> interest;
  private final ResourceCache<T> cache;
  private final ResourceDecoding<M, T> decoding;
  private final Delivery<T> delivery;
  private final Expiry expiry;

  /// @param workers where many resources are decoded
  Intake(
      ResourceType<M, T> type,
      SerialLoop loop,
      Executor workers,
      Interest<T> interest,
      ResourceCache<T> cache) {
    this.kind = Kind.of(type.typeUrl());
    this.loop = loop;
    this.interest = interest;
    this.cache = cache;
    decoding = new ResourceDecoding<>(type, workers);
    delivery = new Delivery<>(interest, cache, loop);
    expiry = new Expiry(loop, this::expire);
  }

  /// Takes in a response. The next must not be handed in before `done` is called.
  ///
  /// @param done told what is wrong with it: before this returns, unless it is large
  void receive(Response response, Consumer<List<Rejected>> done) {
    var began = loop.nanoTime();
    response.errors().forEach(this::report);
    // In the order of the response; null where it has to be decoded.
    var known = new ArrayList<Decoded.@Nullable Same<T>>();
    var unknown = new ArrayList<WireResource>();
    for (var resource : response.resources()) {
      if (!resource.alias()) {
        var same = cache.recognise(resource);
        known.add(same);
        if (same == null) {
          unknown.add(resource);
        }
      }
    }
    decoding.decode(
        unknown,
        loop,
        fresh -> {
          var next = fresh.iterator();
          var items = new ArrayList<Decoded<T>>();
          known.forEach(same -> items.add(same != null ? same : next.next()));
          done.accept(apply(response, items, began));
        });
  }

  private List<Rejected> apply(Response response, List<Decoded<T>> items, long began) {
    var merge = merge(response, items);
    for (var name : merge.removed()) {
      expiry.cancel(name);
      if (interest.names().contains(name)) {
        cache.miss(name, State.DOES_NOT_EXIST);
      }
    }
    var problems =
        delivery.deliver(merge, response.version(), response.manner() == Manner.FILE, began);
    if (problems.isEmpty()) {
      cache.accept(response.version());
    }
    return problems;
  }

  private Merge<T> merge(Response response, List<Decoded<T>> items) {
    // What nobody asked for is ignored, be it good or bad.
    var asked =
        items.stream()
            .filter(item -> item.name().isEmpty() || interest.wants(item.name()))
            .toList();
    return switch (response.manner()) {
      case DELTA -> {
        asked.forEach(this::renew);
        var removed =
            response.removed().stream()
                .flatMap(name -> cache.namesOf(name).stream())
                .filter(interest::wants)
                .distinct()
                .toList();
        yield cache.merge(asked, removed, loop.now());
      }
      case STATE_OF_THE_WORLD -> {
        asked.forEach(this::renew);
        yield mergeWorld(asked);
      }
      case FILE -> mergeFile(items, asked);
    };
  }

  private Merge<T> mergeWorld(List<Decoded<T>> items) {
    return kind.fullState()
        ? cache.mergeFullState(items, interest.names(), loop.now())
        : cache.merge(items, List.of(), loop.now());
  }

  /// Where a file is concerned a malformed resource spoils all, and a file about something else is
  /// a mistake.
  private Merge<T> mergeFile(List<Decoded<T>> items, List<Decoded<T>> asked) {
    var malformed =
        items.stream()
            .filter(item -> item instanceof Decoded.Bad<T> bad && bad.malformed())
            .toList();
    if (!malformed.isEmpty()) {
      return cache.merge(malformed, List.of(), loop.now());
    }
    if (asked.isEmpty() && !items.isEmpty()) {
      var reason = kind.unexpected(String.join(", ", interest.names()), items.getFirst().name());
      return cache.merge(List.of(Decoded.Bad.of("", reason, null)), List.of(), loop.now());
    }
    return mergeWorld(asked);
  }

  private void renew(Decoded<T> item) {
    switch (item) {
      case Decoded.Good<T>(var resource, var ttl) -> expiry.renew(resource.name(), ttl);
      case Decoded.Same<T>(var name, _, var ttl) -> expiry.renew(name, ttl);
      case Decoded.Bad<T> _ -> {}
    }
  }

  private void expire(String name) {
    LOG.log(Level.INFO, () -> "time to live of " + kind + " " + name + " is over");
    cache.forget(name);
    var update = new Update<T>(List.of(), List.of(name), List.of(), "");
    var concerned = new ArrayList<>(interest.wildcards());
    interest.watches(name).stream().filter(watch -> !watch.wildcard()).forEach(concerned::add);
    concerned.stream().filter(watch -> !watch.closed()).forEach(watch -> watch.deliver(update));
  }

  /// The control plane says that it could not supply a resource: what we have stays.
  private void report(ResourceError error) {
    var name = XdstpName.canonical(error.getResourceName().getName());
    if (interest.wants(name)) {
      var reason = error.getErrorDetail().getCode() + ", " + error.getErrorDetail().getMessage();
      LOG.log(Level.WARNING, () -> "no " + kind + " " + name + " to be had: " + reason);
      cache.fail(name, reason, loop.now());
      interest.wildcards().forEach(watch -> watch.failed(name + ": " + reason));
      interest.watches(name).forEach(watch -> watch.failed(name + ": " + reason));
    }
  }

  /// Nobody wants this any more.
  void forget(String name) {
    for (var each : cache.namesOf(name)) {
      if (!interest.wants(each)) {
        cache.forget(each);
        expiry.cancel(each);
      }
    }
  }

  /// Nothing expires any more.
  void close() {
    expiry.cancelAll();
  }
}
