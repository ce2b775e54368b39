package dev.weir.transport.tls;

import dev.weir.config.Bytes;
import dev.weir.config.CertificateConfig;
import dev.weir.config.SecretConfig.Content;
import dev.weir.config.SecretRef;
import dev.weir.config.TlsConfig;
import dev.weir.config.TlsConfig.Certificates;
import dev.weir.config.TlsConfig.Validation;
import dev.weir.config.TransportSocketConfig.TicketKeys;
import dev.weir.config.ValidationConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The secrets that one transport needs, as they are at present. Main loop only.
final class TlsSecrets {
  private final SecretStore store;
  private final TlsConfig config;
  private final TicketKeys ticketKeys;
  private final Secret.Watcher watcher = new Watcher();
  private final Map<Need, Secret> needs = new LinkedHashMap<>();
  private Runnable changed = () -> {};

  private record Need(SecretRef ref, SecretKind kind) {}

  private final class Watcher implements Secret.Watcher {
    @Override
    public @Nullable String problem(Content next) {
      return next instanceof Content.Validation(var rules) ? merged(rules).problem() : null;
    }

    @Override
    public void changed() {
      changed.run();
    }
  }

  TlsSecrets(SecretStore store, TlsConfig config, TicketKeys ticketKeys) {
    this.store = store;
    this.config = config;
    this.ticketKeys = ticketKeys;
  }

  /// Whether nothing has to be asked for.
  boolean areGiven() {
    return config.secrets().isEmpty() && !(ticketKeys instanceof TicketKeys.Secret);
  }

  /// Asks for them.
  ///
  /// @param changed runs when one of them has come or is another now
  /// @throws IOException if that cannot be done
  void acquire(Runnable changed) throws IOException {
    this.changed = changed;
    if (config.certificates() instanceof Certificates.Secrets(var all)) {
      for (var ref : all) {
        acquire(ref, SecretKind.CERTIFICATE);
      }
    }
    if (config.validation() instanceof Validation.Secret(_, var ref)) {
      acquire(ref, SecretKind.VALIDATION);
    }
    if (ticketKeys instanceof TicketKeys.Secret(var ref)) {
      acquire(ref, SecretKind.TICKET_KEYS);
    }
  }

  private void acquire(SecretRef ref, SecretKind kind) throws IOException {
    var need = new Need(ref, kind);
    if (!needs.containsKey(need)) {
      var secret = store.acquire(ref, kind);
      needs.put(need, secret);
      var present = secret.content();
      var problem = present == null ? null : watcher.problem(present);
      if (problem != null) {
        throw new IOException("secret '" + ref.name() + "': " + problem);
      }
      secret.watch(watcher);
    }
  }

  /// Completes when all have come, or have been waited for long enough.
  CompletableFuture<Void> awaited() {
    return CompletableFuture.allOf(
        needs.values().stream().map(Secret::awaited).toArray(CompletableFuture<?>[]::new));
  }

  /// Whether all are there.
  boolean areComplete() {
    return needs.values().stream().allMatch(secret -> secret.content() != null);
  }

  /// What is shown, as soon as it is complete.
  List<CertificateConfig> certificates() {
    return switch (config.certificates()) {
      case Certificates.Given(var all) -> all;
      case Certificates.Secrets(var all) -> {
        var found = new ArrayList<CertificateConfig>();
        for (var ref : all) {
          if (content(ref, SecretKind.CERTIFICATE) instanceof Content.Certificate(var one)) {
            found.add(one);
          }
        }
        yield found;
      }
    };
  }

  /// What the peer has to show, as soon as it is complete.
  ValidationConfig rules() {
    return switch (config.validation()) {
      case Validation.Given(var rules) -> rules;
      case Validation.Secret(var defaults, var ref) ->
          content(ref, SecretKind.VALIDATION) instanceof Content.Validation(var rules)
              ? defaults.merge(rules)
              : defaults;
    };
  }

  private ValidationConfig merged(ValidationConfig rules) {
    return config.validation() instanceof Validation.Secret(var defaults, _)
        ? defaults.merge(rules)
        : rules;
  }

  /// Keys for tickets; empty for keys of one's own, null for no tickets.
  @Nullable List<Bytes> ticketKeys() {
    return switch (ticketKeys) {
      case TicketKeys.Own _ -> List.of();
      case TicketKeys.None _ -> null;
      case TicketKeys.Given(var keys) -> keys;
      case TicketKeys.Secret(var ref) ->
          content(ref, SecretKind.TICKET_KEYS) instanceof Content.TicketKeys(var keys)
              ? keys
              : List.of();
    };
  }

  private @Nullable Content content(SecretRef ref, SecretKind kind) {
    var secret = needs.get(new Need(ref, kind));
    return secret == null ? null : secret.content();
  }

  /// Needs them no more.
  void release() {
    needs.forEach((need, secret) -> {
      secret.unwatch(watcher);
      store.release(need.ref, need.kind);
    });
    needs.clear();
  }
}
