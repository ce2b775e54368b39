package dev.weir.transport.tls;

import dev.weir.config.Checked;
import dev.weir.config.SecretConfig;
import dev.weir.config.SecretRef;
import dev.weir.xds.ConfigSource;
import dev.weir.xds.Names;
import dev.weir.xds.ResourceType;
import dev.weir.xds.SerialLoop;
import dev.weir.xds.SubscriptionObserver;
import dev.weir.xds.XdsClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// All secrets that are needed: those of the start configuration, and those that are asked for,
/// each once however many need it. Main loop only.
public final class SecretStore {
  private final Dependencies with;
  private final Map<String, Secret> given = new HashMap<>();
  private final Map<Key, SecretSubscription> asked = new LinkedHashMap<>();

  /// What the store works with.
  ///
  /// @param type how secrets are named and decoded
  /// @param observers counts what happens to a subscription, by the name of its secret
  public record Dependencies(
      SerialLoop main,
      XdsClient xds,
      ResourceType<?, Checked<SecretConfig>> type,
      Function<String, SubscriptionObserver> observers) {}

  private record Key(SecretRef ref, SecretKind kind) {}

  /// @param statics the secrets of the start configuration
  public SecretStore(Dependencies with, Collection<SecretConfig> statics) {
    this.with = with;
    for (var secret : statics) {
      given.computeIfAbsent(secret.name(), _ -> new Secret()).set(secret.content());
    }
  }

  /// Whether a secret is of the start configuration or can be asked for.
  boolean knows(SecretRef ref, SecretKind kind) {
    var secret = given.get(ref.name());
    return ref.source() != null || (secret != null && kind.fits(secret.content()));
  }

  /// A secret for somebody who needs it, to be given back by [#release].
  ///
  /// @throws IOException if it cannot be asked for: the message says why
  Secret acquire(SecretRef ref, SecretKind kind) throws IOException {
    with.main.check();
    var source = ref.source();
    if (source == null) {
      var secret = given.get(ref.name());
      if (secret == null || !kind.fits(secret.content())) {
        throw new IOException("Unknown static " + kind.text() + ": " + ref.name());
      }
      return secret;
    }
    var key = new Key(ref, kind);
    var present = asked.get(key);
    if (present == null) {
      present = subscribe(ref.name(), source, kind);
      asked.put(key, present);
    }
    present.users++;
    return present.secret();
  }

  private SecretSubscription subscribe(String name, ConfigSource source, SecretKind kind)
      throws IOException {
    var observer = with.observers.apply(name);
    var subscription =
        new SecretSubscription(with.xds, kind, source instanceof ConfigSource.File, observer);
    try {
      subscription.keep(
          with.xds.subscribe(source, with.type, Names.of(name), subscription, observer));
      return subscription;
    } catch (UncheckedIOException e) {
      observer.close();
      throw new IOException(e.getMessage(), e);
    }
  }

  /// It is needed no more by one of those who have acquired it.
  void release(SecretRef ref, SecretKind kind) {
    with.main.check();
    var key = new Key(ref, kind);
    var present = asked.get(key);
    if (present != null && --present.users == 0) {
      asked.remove(key);
      present.close();
    }
  }
}
