package dev.weir.upstream.dns;

import dev.weir.config.Address;
import dev.weir.config.ClusterConfig.DnsCacheConfig;
import dev.weir.telemetry.StatScope;
import dev.weir.xds.SerialLoop;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// The addresses of names that clients ask for: looked up when they are first wanted, renewed for
/// as long as somebody wants them. Main loop only, but for [#load] and [#touch].
public final class DnsCache {
  private final SerialLoop main;
  private final NameResolver resolver;
  private final RandomGenerator random;
  private final DnsCacheConfig config;
  private final StatScope stats;
  private final Map<Name, Entry> entries = new LinkedHashMap<>();
  private final Set<Runnable> watchers = new LinkedHashSet<>();

  /// The names that have been looked up, for workers; never changed, but replaced.
  private volatile Map<Name, Entry> known = Map.of();

  private int pending;

  /// A host and port that a client asks for.
  public record Name(String host, int port) {
    /// As clients spell it; a port in it goes before the default.
    public static Name of(String host, int defaultPort) {
      int colon = host.lastIndexOf(':');
      boolean hasPort =
          colon > 0 && host.indexOf(':') == colon && host.substring(colon + 1).matches("\\d{1,5}");
      return hasPort
          ? new Name(
              host.substring(0, colon).toLowerCase(Locale.ROOT),
              Integer.parseInt(host.substring(colon + 1)))
          : new Name(host.toLowerCase(Locale.ROOT), defaultPort);
    }

    @Override
    public String toString() {
      return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
  }

  /// What became of a wish.
  public enum Loaded {
    /// The name has been looked up, with or without success.
    KNOWN,
    /// There are too many names, or too many that are being looked up.
    OVERFLOW
  }

  /// One name.
  private final class Entry implements DnsTarget.Owner {
    private final Name name;
    private final DnsTarget target;
    private final List<Consumer<Loaded>> waiting = new ArrayList<>();
    private List<Address> addresses = List.of();
    private boolean tried;

    /// When somebody last went there, on the main loop's clock. Any thread writes.
    private volatile long wantedAt;

    Entry(Name name) {
      this.name = name;
      this.target =
          new DnsTarget(
              new DnsTarget.Setting(main, resolver, random, config.dns(), stats, "dns_query"),
              name.host,
              this);
    }

    void start() {
      pending++;
      levels();
      target.start();
    }

    @Override
    public Duration patience() {
      return config.queryTimeout();
    }

    @Override
    public void take(Answer answer) {
      if (answer instanceof Answer.Found(var found, _) && !found.isEmpty()) {
        var next =
            found.stream()
                .<Address>map(ip -> new Address.Socket(NetUtil.toAddressString(ip), name.port))
                .toList();
        if (!next.equals(addresses)) {
          addresses = next;
          stats.counter("host_address_changed").increment();
          changed();
        }
      }
      if (!tried) {
        tried = true;
        pending--;
        levels();
        wantedAt = main.nanoTime();
        publish();
      }
      var told = List.copyOf(waiting);
      waiting.clear();
      told.forEach(waiter -> waiter.accept(Loaded.KNOWN));
    }

    /// A name that nobody has wanted for long is forgotten when it would be asked for again.
    @Override
    public boolean goesOn() {
      var unwanted = Duration.ofNanos(main.nanoTime() - wantedAt);
      if (unwanted.compareTo(config.hostTtl()) > 0) {
        remove(this);
        return false;
      }
      return true;
    }
  }

  /// @param stats `dns_cache.<name>`
  public DnsCache(
      SerialLoop main,
      NameResolver resolver,
      RandomGenerator random,
      DnsCacheConfig config,
      StatScope stats) {
    this.main = main;
    this.resolver = resolver;
    this.random = random;
    this.config = config;
    this.stats = stats;
    levels();
    for (var name : config.preresolved()) {
      load(new Name(name.host().toLowerCase(Locale.ROOT), name.port()), _ -> {});
    }
  }

  /// How it is configured.
  DnsCacheConfig config() {
    return config;
  }

  /// Wants a name. Any thread.
  ///
  /// @param then is told on the worker, perhaps at once, when the name has been looked up
  public void load(Name name, Executor worker, Consumer<Loaded> then) {
    if (known.containsKey(name)) {
      then.accept(Loaded.KNOWN);
    } else {
      main.execute(() -> load(name, loaded -> worker.execute(() -> then.accept(loaded))));
    }
  }

  private void load(Name name, Consumer<Loaded> then) {
    var present = entries.get(name);
    if (present != null && present.tried) {
      then.accept(Loaded.KNOWN);
    } else if (present != null) {
      present.waiting.add(then);
    } else if (entries.size() >= config.maxHosts()) {
      stats.counter("host_overflow").increment();
      then.accept(Loaded.OVERFLOW);
    } else if (pending >= config.maxPending()) {
      stats.counter("dns_rq_pending_overflow").increment();
      then.accept(Loaded.OVERFLOW);
    } else {
      var entry = new Entry(name);
      entry.waiting.add(then);
      entries.put(name, entry);
      stats.counter("host_added").increment();
      entry.start();
    }
  }

  /// Notes that somebody goes to this name. Any thread.
  public void touch(Name name) {
    var entry = known.get(name);
    if (entry != null) {
      entry.wantedAt = main.nanoTime();
    }
  }

  private void publish() {
    var next = new HashMap<Name, Entry>();
    entries.forEach((name, entry) -> {
      if (entry.tried) {
        next.put(name, entry);
      }
    });
    known = next;
  }

  private void remove(Entry entry) {
    entry.target.stop();
    entries.remove(entry.name);
    publish();
    stats.counter("host_removed").increment();
    levels();
    changed();
  }

  private void levels() {
    stats.gauge("num_hosts").set(entries.size());
    stats.gauge("circuit_breakers.rq_pending_open").set(pending >= config.maxPending() ? 1 : 0);
    stats.gauge("circuit_breakers.rq_pending_remaining").set(config.maxPending() - pending);
  }

  /// The names that have addresses.
  public Map<Name, List<Address>> resolved() {
    var resolved = new LinkedHashMap<Name, List<Address>>();
    entries.forEach((name, entry) -> {
      if (!entry.addresses.isEmpty()) {
        resolved.put(name, entry.addresses);
      }
    });
    return Collections.unmodifiableMap(resolved);
  }

  /// Tells of every change of [#resolved].
  public void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  /// Tells no more.
  public void unwatch(Runnable watcher) {
    watchers.remove(watcher);
  }

  private void changed() {
    List.copyOf(watchers).forEach(Runnable::run);
  }
}
