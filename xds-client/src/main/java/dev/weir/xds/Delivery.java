package dev.weir.xds;

import dev.weir.xds.ResourceCache.Merge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Brings what a response changed to those whom it concerns. Main loop only.
record Delivery<T>(Interest<T> interest, ResourceCache<T> cache, SerialLoop loop) {

  /// What of a response concerns one subscriber.
  private record Share<T>(
      List<Accepted<T>> changed, List<String> removed, List<Rejected> rejected) {
    Share() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    boolean isEmpty() {
      return changed.isEmpty() && removed.isEmpty() && rejected.isEmpty();
    }

    Update<T> update(String version) {
      return new Update<>(changed, removed, rejected, version);
    }
  }

  /// Delivers.
  ///
  /// @param toAll whether it concerns also those for whom there is nothing in it
  /// @param began [SerialLoop#nanoTime] when the response came
  /// @return all that is wrong with the response
  List<Rejected> deliver(Merge<T> merge, String version, boolean toAll, long began) {
    var problems = new ArrayList<>(merge.rejected());
    for (var share : shares(merge, toAll).entrySet()) {
      // Whoever was served before may have ended the subscription of this one.
      if (!share.getKey().closed()) {
        for (var refused : deliver(share.getKey(), share.getValue(), version, toAll, began)) {
          cache.revert(merge, refused, loop.now());
          problems.add(refused);
        }
      }
    }
    return problems;
  }

  private List<Rejected> deliver(
      Watch<T> watch, Share<T> share, String version, boolean always, long began) {
    List<Rejected> refused = List.of();
    if (watch.openEnded() || always || !share.isEmpty()) {
      if (!watch.openEnded() && share.changed.isEmpty() && share.rejected.isEmpty()) {
        watch.observer().empty();
      }
      refused = watch.deliver(share.update(version));
    } else {
      watch.confirmed();
    }
    if (refused.isEmpty() && share.rejected.isEmpty()) {
      watch.succeeded(version, Duration.ofNanos(loop.nanoTime() - began));
    } else {
      watch.rejected();
    }
    return refused;
  }

  private Map<Watch<T>, Share<T>> shares(Merge<T> merge, boolean toAll) {
    var shares = new LinkedHashMap<Watch<T>, Share<T>>();
    if (toAll) {
      interest.watches().forEach(watch -> shares.put(watch, new Share<>()));
    }
    for (var watch : interest.wildcards()) {
      shares.put(watch, wildcardShare(watch, merge));
    }
    interest.collectors().forEach(watch -> shares.putIfAbsent(watch, new Share<>()));
    for (var resource : merge.changed()) {
      for (var watch : interest.watches(resource.name())) {
        shareOf(watch, shares).changed.add(resource);
      }
    }
    for (var resource : merge.same()) {
      for (var watch : interest.watches(resource.name())) {
        var share = shareOf(watch, shares);
        if (watch.awaits(resource.name())) {
          share.changed.add(resource);
        }
      }
    }
    for (var name : merge.removed()) {
      interest.watches(name).forEach(watch -> shareOf(watch, shares).removed.add(name));
    }
    for (var bad : merge.rejected()) {
      // Nobody knows whom an unreadable one concerns: it may be anybody.
      var concerned = bad.name().isEmpty() ? interest.watches() : interest.watches(bad.name());
      concerned.forEach(watch -> shareOf(watch, shares).rejected.add(bad));
    }
    return shares;
  }

  /// A wildcard has all of it already; what it is added besides goes to a share that nobody reads.
  private Share<T> shareOf(Watch<T> watch, Map<Watch<T>, Share<T>> shares) {
    return watch.wildcard() ? new Share<>() : shares.computeIfAbsent(watch, _ -> new Share<>());
  }

  private Share<T> wildcardShare(Watch<T> watch, Merge<T> merge) {
    var changed = new ArrayList<>(merge.changed());
    merge.same().stream().filter(same -> watch.awaits(same.name())).forEach(changed::add);
    return new Share<>(changed, merge.removed(), merge.rejected());
  }
}
