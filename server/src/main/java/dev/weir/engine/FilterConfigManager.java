package dev.weir.engine;

import dev.weir.config.Checked;
import dev.weir.config.ExtensionConfig;
import dev.weir.config.FilterDiscovery;
import dev.weir.config.Resources;
import dev.weir.connection.FilterConfigs;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import dev.weir.xds.ConfigSource;
import dev.weir.xds.Names;
import dev.weir.xds.Rejected;
import dev.weir.xds.ResourceSink;
import dev.weir.xds.SerialLoop;
import dev.weir.xds.Subscription;
import dev.weir.xds.Update;
import dev.weir.xds.XdsClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Asks for the configuration of filters that is pushed by itself (ECDS), for as long as a filter
/// asks. Filters of one kind that ask the same source for one name share a subscription. Main loop
/// only.
public final class FilterConfigManager implements FilterConfigs {
  private static final System.Logger LOG = System.getLogger("config");

  private final Dependencies with;
  private final Map<Key, Entry> entries = new HashMap<>();

  /// What it works with.
  public record Dependencies(
      SerialLoop main, XdsClient xds, Resources resources, Stats stats, ConfigNotes notes) {}

  private record Key(FilterDiscovery.Kind kind, String name, ConfigSource source) {}

  public FilterConfigManager(Dependencies with) {
    this.with = with;
  }

  @Override
  public Executor loop() {
    return with.main;
  }

  @Override
  public <C> Asking open(FilterDiscovery<C> discovery, Receiver<C> receiver) throws IOException {
    with.main.check();
    var key = new Key(discovery.kind(), discovery.name(), discovery.source());
    var entry = entries.get(key);
    if (entry == null) {
      entry = new Entry(key);
      entry.subscribe();
      entries.put(key, entry);
    }
    var user = new User<>(discovery, receiver, entry);
    try {
      user.begin();
    } catch (IOException e) {
      user.close();
      throw e;
    }
    return user;
  }

  /// One filter that asks.
  private final class User<C> implements Asking {
    private final FilterDiscovery<C> discovery;
    private final Receiver<C> receiver;
    private final Entry entry;

    User(FilterDiscovery<C> discovery, Receiver<C> receiver, Entry entry) {
      this.discovery = discovery;
      this.receiver = receiver;
      this.entry = entry;
      entry.users.add(this);
    }

    void begin() throws IOException {
      var held = entry.held;
      apply(held == null || refusal(held) != null ? null : held);
    }

    /// Why it cannot be configured so; null if it can.
    @Nullable String refusal(ExtensionConfig config) {
      if (!discovery.types().contains(config.type())
          || config.filter().kind() != discovery.kind()) {
        return "Error: filter config has type URL %s but expect %s."
            .formatted(config.type(), String.join(", ", discovery.types()));
      }
      boolean terminal = config.filter().terminal();
      if (discovery.kind() == FilterDiscovery.Kind.LISTENER || terminal == discovery.last()) {
        return null;
      }
      return "Error: %s filter named %s of type %s %s the last filter in a %s filter chain."
          .formatted(
              terminal ? "terminal" : "non-terminal",
              config.name(),
              config.type(),
              terminal ? "must be" : "is",
              discovery.kind().chain());
    }

    /// @param config null to go back to the fallback
    void apply(@Nullable ExtensionConfig config) throws IOException {
      @SuppressWarnings("unchecked") // the kind says what it is
      C pushed = config == null ? discovery.fallback() : (C) config.filter().config();
      receiver.accept(pushed);
    }

    @Override
    public CompletableFuture<Void> warm() {
      return discovery.waits() ? entry.warm : CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
      with.main.check();
      if (entry.users.remove(this)) {
        entry.closeIfUnused();
      }
    }
  }

  /// What is pushed under one name.
  private final class Entry implements ResourceSink<Checked<ExtensionConfig>> {
    private final Key key;
    private final StatScope scope;
    private final CompletableFuture<Void> warm = new CompletableFuture<>();
    private final Set<User<?>> users = new LinkedHashSet<>();
    private @Nullable Subscription subscription;
    private @Nullable ExtensionConfig held;

    Entry(Key key) {
      this.key = key;
      this.scope =
          with.stats.scope(
              "extension_config_discovery." + key.kind.statName() + "." + key.name,
              StatFamilies.EXTENSION_CONFIG);
    }

    void subscribe() throws IOException {
      try {
        subscription =
            with.xds.subscribe(
                key.source,
                with.resources.extensions(),
                Names.of(key.name),
                this,
                new SubscriptionStats(scope, with.notes));
      } catch (UncheckedIOException e) {
        scope.close();
        throw new IOException(e.getMessage(), e);
      }
    }

    void closeIfUnused() {
      if (users.isEmpty()) {
        entries.remove(key);
        if (subscription != null) {
          subscription.close();
        }
        scope.close();
      }
    }

    @Override
    public List<Rejected> apply(Update<Checked<ExtensionConfig>> update) {
      var rejected = new ArrayList<Rejected>();
      update.rejected().forEach(bad -> with.notes.rejected("ecds: filter config", bad));
      for (var changed : update.changed()) {
        var error = replace(changed.value().value());
        if (error == null) {
          with.notes.accepted("ecds: " + changed.name(), changed.value());
          scope.counter("config_reload").increment();
          LOG.log(System.Logger.Level.DEBUG, "ecds: add/update filter config ''{0}''", key.name);
        } else {
          var bad = new Rejected(changed.name(), error);
          with.notes.rejected("ecds: filter config", bad);
          rejected.add(bad);
        }
      }
      if (!update.removed().isEmpty()) {
        remove();
      }
      if (isEmptyFile(update)) {
        rejected.add(
            new Rejected("", "Unexpected number of resources in ExtensionConfigDS response: 0"));
      }
      if (!rejected.isEmpty() || !update.rejected().isEmpty()) {
        scope.counter("config_fail").increment();
      }
      warm.complete(null);
      return rejected;
    }

    /// A stream need not name what has not changed; a file has to.
    private boolean isEmptyFile(Update<Checked<ExtensionConfig>> update) {
      return key.source instanceof ConfigSource.File
          && update.changed().isEmpty()
          && update.rejected().isEmpty()
          && update.removed().isEmpty();
    }

    /// @return why it cannot be; null if it can
    private @Nullable String replace(ExtensionConfig next) {
      for (var user : users) {
        var refusal = user.refusal(next);
        if (refusal != null) {
          return refusal;
        }
      }
      try {
        for (var user : users) {
          user.apply(next);
        }
      } catch (IOException e) {
        return String.valueOf(e.getMessage());
      }
      held = next;
      return null;
    }

    private void remove() {
      held = null;
      scope.counter("config_reload").increment();
      for (var user : users) {
        try {
          user.apply(null);
        } catch (IOException e) {
          LOG.log(System.Logger.Level.WARNING, "ecds: {0}: {1}", key.name, e.getMessage());
        }
      }
    }

    @Override
    public void initialFetchTimedOut(Set<String> names) {
      scope.counter("config_fail").increment();
      warm.complete(null);
    }

    @Override
    public void failed(String reason) {
      if (key.source instanceof ConfigSource.File) {
        scope.counter("config_fail").increment();
        warm.complete(null);
      }
    }
  }
}
