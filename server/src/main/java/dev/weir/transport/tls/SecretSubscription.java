package dev.weir.transport.tls;

import dev.weir.config.Checked;
import dev.weir.config.SecretConfig;
import dev.weir.xds.DirectoryWatch;
import dev.weir.xds.InvalidResourceException;
import dev.weir.xds.Rejected;
import dev.weir.xds.ResourceSink;
import dev.weir.xds.Subscription;
import dev.weir.xds.SubscriptionObserver;
import dev.weir.xds.Update;
import dev.weir.xds.XdsClient;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The subscription to one secret, and the watch over the files that it names. Main loop only.
final class SecretSubscription implements ResourceSink<Checked<SecretConfig>> {
  private static final System.Logger LOG = System.getLogger("secret");

  private final XdsClient xds;
  private final SecretKind kind;
  private final boolean fromFile;
  private final SubscriptionObserver observer;
  private final Secret secret = new Secret();
  private final List<DirectoryWatch> watches = new ArrayList<>();
  private @Nullable Subscription subscription;
  int users;

  /// @param fromFile whether the source is a file, which is not going to come up like a server
  /// @param observer closed with the subscription
  SecretSubscription(
      XdsClient xds, SecretKind kind, boolean fromFile, SubscriptionObserver observer) {
    this.xds = xds;
    this.observer = observer;
    this.fromFile = fromFile;
    this.kind = kind;
  }

  /// What it brings.
  Secret secret() {
    return secret;
  }

  void keep(Subscription started) {
    subscription = started;
  }

  @Override
  public List<Rejected> apply(Update<Checked<SecretConfig>> update) {
    var rejected = put(update);
    secret.giveUpWaiting(); // a bad secret, or none, does not keep the server from starting
    return rejected;
  }

  private List<Rejected> put(Update<Checked<SecretConfig>> update) {
    for (var bad : update.rejected()) {
      LOG.log(Level.WARNING, "sds: secret ''{0}'' rejected: {1}", bad.name(), bad.reason());
    }
    for (var changed : update.changed()) {
      var config = changed.value().value();
      if (!kind.fits(config.content())) {
        return List.of(new Rejected(changed.name(), "it is no " + kind.text()));
      }
      for (var warning : changed.value().warnings()) {
        LOG.log(Level.WARNING, "sds: {0}: {1}", changed.name(), warning);
      }
      var problem = secret.set(config.content());
      if (problem != null) {
        return List.of(new Rejected(changed.name(), problem));
      }
      watch(config);
    }
    return List.of();
  }

  private void watch(SecretConfig config) {
    watches.forEach(DirectoryWatch::close);
    watches.clear();
    for (var directory : config.files().watched()) {
      try {
        boolean alsoWrites = config.files().alsoWrites();
        watches.add(xds.watch(directory, alsoWrites, () -> readAgain(config)));
      } catch (IOException e) {
        LOG.log(Level.WARNING, "sds: {0}: changes go unseen: {1}", config.name(), e.getMessage());
      }
    }
    if (!watches.isEmpty()) {
      readAgain(config); // they may have changed before they were watched
    }
  }

  private void readAgain(SecretConfig config) {
    try {
      var problem = secret.set(config.files().again().read());
      if (problem != null) {
        warnOfFiles(config, problem);
      }
    } catch (InvalidResourceException e) {
      warnOfFiles(config, String.valueOf(e.getMessage()));
    }
  }

  private static void warnOfFiles(SecretConfig config, String problem) {
    LOG.log(
        Level.WARNING,
        "sds: {0}: what was in the files before stays in use: {1}",
        config.name(),
        problem);
  }

  @Override
  public void initialFetchTimedOut(Set<String> names) {
    secret.giveUpWaiting();
  }

  @Override
  public void failed(String reason) {
    if (fromFile) {
      LOG.log(Level.WARNING, "sds: {0}", reason);
      secret.giveUpWaiting();
    }
  }

  /// Asks no more.
  void close() {
    watches.forEach(DirectoryWatch::close);
    if (subscription != null) {
      subscription.close();
    }
    observer.close();
  }
}
