package dev.weir.transport.tls;

import dev.weir.config.ValidationConfig;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The present generation of a transport's TLS, which is made anew whenever one of its secrets
/// comes or changes. The main loop makes them; workers take the one that they find.
///
/// @param <G> a generation
final class TlsGenerations<G extends TlsGeneration> {
  private static final System.Logger LOG = System.getLogger("secret");

  private final TlsSecrets secrets;
  private final TlsScopes scopes;
  private final CertificateExpiries expiries;
  private final Function<TlsSecrets, G> maker;
  private boolean closed;
  private volatile @Nullable G present;

  /// @param expiries told of the certificates in use
  /// @param maker makes one of secrets that are complete, or throws an [IllegalStateException]
  TlsGenerations(
      TlsSecrets secrets,
      TlsScopes scopes,
      CertificateExpiries expiries,
      Function<TlsSecrets, G> maker) {
    this.secrets = secrets;
    this.scopes = scopes;
    this.expiries = expiries;
    this.maker = maker;
  }

  /// Asks for the secrets. Once.
  ///
  /// @throws IOException if one cannot be asked for, or what is there cannot be used
  void acquire() throws IOException {
    secrets.acquire(this::renew);
    if (secrets.areComplete()) {
      try {
        replace();
      } catch (IllegalStateException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }

  private void renew() {
    if (closed || !secrets.areComplete()) {
      return;
    }
    try {
      replace();
      scopes.updates.increment();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the former certificates serve on", e);
    }
  }

  private void replace() {
    var next = maker.apply(secrets);
    expiries.put(this, secrets.certificates(), secrets.rules());
    put(next);
  }

  private void put(@Nullable G next) {
    var before = present;
    present = next;
    if (before != null) {
      before.release();
    }
  }

  /// The one for new connections; null as long as there is none. Any thread.
  @Nullable G present() {
    return present;
  }

  /// Completes when all secrets have come, or have been waited for long enough.
  CompletableFuture<Void> awaited() {
    return secrets.awaited();
  }

  /// Gives everything back; open connections go on.
  void close() {
    closed = true;
    secrets.release();
    expiries.put(this, List.of(), ValidationConfig.NONE);
    put(null);
    scopes.close();
  }
}
