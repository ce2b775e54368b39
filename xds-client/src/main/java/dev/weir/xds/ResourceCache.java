package dev.weir.xds;

import com.google.protobuf.ByteString;
import dev.weir.xds.ResourceStatus.Failure;
import dev.weir.xds.ResourceStatus.Held;
import dev.weir.xds.ResourceStatus.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The last good value of each resource of a type. Turns responses into changes: this is where the
/// two protocols become one. Main loop only.
final class ResourceCache<T> {
  private final Kind kind;
  private final Map<String, Entry<T>> entries = new LinkedHashMap<>();

  /// For resources whose name is known only to the message: spares parsing those that we hold.
  private final Map<ByteString, Entry<T>> byBytes = new HashMap<>();

  private final Map<String, Failure> failures = new LinkedHashMap<>();

  /// Why nothing is held of a name that is wanted.
  private final Map<String, State> missing = new HashMap<>();

  private String version = "";

  ResourceCache(Kind kind) {
    this.kind = kind;
  }

  /// @param version the newest that the control plane named for this value
  private record Entry<T>(Accepted<T> resource, String version, Instant since) {
    Held shown() {
      return new Held(resource.version(), since, resource.wire());
    }
  }

  /// What a response changed.
  ///
  /// @param changed new or other than before
  /// @param same in the response, but as before
  /// @param removed gone, and held before or wanted
  /// @param rejected bad; the value before is kept
  record Merge<T>(
      List<Accepted<T>> changed,
      List<Accepted<T>> same,
      List<String> removed,
      List<Rejected> rejected,
      Map<String, Before<T>> before) {}

  /// What a changed resource was.
  record Before<T>(@Nullable Entry<T> entry, Rejected now) {}

  /// Whether this is what we hold, or a heartbeat for it.
  Decoded.@Nullable Same<T> recognise(WireResource resource) {
    var body = resource.body();
    var entry =
        resource.name().isEmpty() && body != null
            ? byBytes.get(body.getValue())
            : entries.get(resource.name());
    if (entry == null) {
      return null;
    }
    var same =
        body == null
            ? resource.version().equals(entry.version())
            : body.equals(entry.resource().wire());
    return same
        ? new Decoded.Same<>(entry.resource().name(), resource.version(), resource.ttl())
        : null;
  }

  /// Takes in a response whose resources name all that exists: whatever it leaves out is gone.
  ///
  /// @param wanted names that somebody asks for, and wants to know it if they do not exist
  Merge<T> mergeFullState(List<Decoded<T>> response, Collection<String> wanted, Instant now) {
    var gone = new HashSet<>(entries.keySet());
    gone.addAll(wanted);
    var named = new HashSet<String>();
    for (var item : response) {
      if (item.name().isEmpty()) {
        // Something is unreadable, so we cannot tell what is gone.
        return merge(response, List.of(), now);
      }
      named.add(item.name());
    }
    gone.removeAll(named);
    failures.keySet().retainAll(named);
    return merge(response, gone, now);
  }

  /// Takes in a response that names what is new and what is gone.
  Merge<T> merge(List<Decoded<T>> response, Collection<String> removed, Instant now) {
    var merge =
        new Merge<T>(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new HashMap<>());
    failures.remove("");
    var seen = new HashSet<String>();
    for (var item : response) {
      if (!item.name().isEmpty() && !seen.add(item.name())) {
        reject(duplicate(item), versionOf(item), merge, now);
        continue;
      }
      switch (item) {
        case Decoded.Good<T>(var resource, _) -> accept(resource, merge, now);
        case Decoded.Same<T>(var name, var version, _) -> keep(name, version, merge);
        case Decoded.Bad<T>(var bad, _) -> reject(bad, "", merge, now);
      }
    }
    for (var name : removed) {
      if (seen.contains(name)) {
        reject(Rejected.unreadable(name, kind.duplicate(name), null), "", merge, now);
      } else {
        forget(name);
        merge.removed().add(name);
      }
    }
    return merge;
  }

  private Rejected duplicate(Decoded<T> item) {
    var wire = item instanceof Decoded.Good<T>(var resource, _) ? resource.wire() : null;
    return Rejected.unreadable(item.name(), kind.duplicate(item.name()), wire);
  }

  private String versionOf(Decoded<T> item) {
    return item instanceof Decoded.Good<T>(var resource, _) ? resource.version() : "";
  }

  private void accept(Accepted<T> resource, Merge<T> merge, Instant now) {
    var name = resource.name();
    var before = put(new Entry<>(resource, resource.version(), now));
    failures.remove(name);
    missing.remove(name);
    var asRejected = new Rejected(name, "", resource.wire(), true);
    merge.before().put(name, new Before<>(before, asRejected));
    merge.changed().add(resource);
  }

  /// A resource that was recognised may have expired since, while others were decoded elsewhere;
  /// then it is as if it had not come.
  private void keep(String name, String version, Merge<T> merge) {
    var entry = entries.get(name);
    if (entry != null) {
      failures.remove(name);
      put(new Entry<>(entry.resource(), version, entry.since()));
      merge.same().add(entry.resource());
    }
  }

  private void reject(Rejected bad, String version, Merge<T> merge, Instant now) {
    failures.put(bad.name(), new Failure(version, now, bad.reason(), bad.wire()));
    merge.rejected().add(bad);
  }

  /// A sink cannot apply what was taken in: the value before is in force again.
  void revert(Merge<T> merge, Rejected refused, Instant now) {
    var before = merge.before().get(refused.name());
    var version = "";
    if (before != null) {
      version = versionHeld(refused.name());
      if (before.entry() == null) {
        forget(refused.name());
      } else {
        put(before.entry());
      }
    }
    var wire = before == null ? refused.wire() : before.now().wire();
    failures.put(refused.name(), new Failure(version, now, refused.reason(), wire));
  }

  /// The control plane cannot supply a resource. What is held stays.
  void fail(String name, String reason, Instant now) {
    failures.put(name, new Failure("", now, reason, null));
  }

  private String versionHeld(String name) {
    var entry = entries.get(name);
    return entry == null ? "" : entry.version();
  }

  private @Nullable Entry<T> put(Entry<T> entry) {
    var before = entries.put(entry.resource().name(), entry);
    if (before != null) {
      byBytes.remove(before.resource().wire().getValue());
    }
    byBytes.put(entry.resource().wire().getValue(), entry);
    return before;
  }

  /// Holds nothing of this name any more.
  void forget(String name) {
    failures.remove(name);
    missing.remove(name);
    var entry = entries.remove(name);
    if (entry != null) {
      byBytes.remove(entry.resource().wire().getValue());
    }
  }

  @Nullable Accepted<T> find(String name) {
    var entry = entries.get(name);
    return entry == null ? null : entry.resource();
  }

  /// The names that a name stands for: itself, and what is held of the collection that it names.
  List<String> namesOf(String name) {
    var names = new ArrayList<String>();
    names.add(name);
    if (XdstpName.isCollection(name)) {
      entries.keySet().stream()
          .filter(held -> name.equals(XdstpName.collectionOf(held)))
          .forEach(names::add);
    }
    return names;
  }

  List<Accepted<T>> all() {
    return entries.values().stream().map(Entry::resource).toList();
  }

  /// The newest version of each resource, which may be empty.
  Map<String, String> versions() {
    var versions = new LinkedHashMap<String, String>();
    entries.forEach((name, entry) -> versions.put(name, entry.version()));
    return versions;
  }

  /// The version of the last response with which nothing was wrong.
  String version() {
    return version;
  }

  /// Nothing was wrong with a response.
  void accept(String responseVersion) {
    version = responseVersion;
  }

  /// Nothing is held of a name that is wanted.
  void miss(String name, State why) {
    missing.put(name, why);
  }

  /// For people to read.
  ///
  /// @param wanted names that somebody asks for
  List<ResourceStatus> snapshot(Set<String> wanted) {
    var names = new LinkedHashSet<>(entries.keySet());
    names.addAll(failures.keySet());
    names.addAll(wanted);
    return names.stream().map(this::status).toList();
  }

  private ResourceStatus status(String name) {
    var entry = entries.get(name);
    var failure = failures.get(name);
    return new ResourceStatus(name, state(name), entry == null ? null : entry.shown(), failure);
  }

  private State state(String name) {
    var failure = failures.get(name);
    if (failure != null) {
      return failure.wire() == null ? State.RECEIVED_ERROR : State.NACKED;
    }
    return entries.containsKey(name) ? State.ACKED : missing.getOrDefault(name, State.REQUESTED);
  }
}
