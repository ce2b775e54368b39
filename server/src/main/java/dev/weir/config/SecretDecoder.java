package dev.weir.config;

import dev.weir.config.SecretConfig.Content;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerWatchedDirectory;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.WatchedDirectory;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.GenericSecret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsSessionTicketKeys;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;

/// Makes [SecretConfig]s. Any thread may call.
public final class SecretDecoder {
  private static final int TICKET_KEY_LENGTH = 80;

  private SecretDecoder() {}

  /// Decodes one secret.
  ///
  /// @param path what the paths begin with; may be empty
  /// @throws InvalidResourceException with every problem there is
  public static Checked<SecretConfig> decode(Secret wire, String path)
      throws InvalidResourceException {
    return ResourceDecoder.decode(wire, path, SecretDecoder::secret);
  }

  private static SecretConfig secret(Secret wire, Field at) throws InvalidResourceException {
    var directories = new LinkedHashSet<Path>();
    Consumer<Path> files = file -> directories.add(directory(file));
    var content = content(wire, at, files);
    var watched = watched(wire);
    var again =
        directories.isEmpty()
            ? SecretConfig.Files.NONE
            : new SecretConfig.Files(
                watched.getPath().isEmpty()
                    ? List.copyOf(directories)
                    : List.of(Path.of(watched.getPath())),
                NewerFields.of(watched, NewerWatchedDirectory.getDefaultInstance())
                    .getWatchModify(),
                () -> decode(wire, "").value().content());
    return new SecretConfig(wire.getName(), content, again);
  }

  private static Path directory(Path file) {
    var parent = file.getParent();
    return parent == null ? Path.of(".") : parent;
  }

  private static WatchedDirectory watched(Secret wire) {
    return switch (wire.getTypeCase()) {
      case TLS_CERTIFICATE -> wire.getTlsCertificate().getWatchedDirectory();
      case VALIDATION_CONTEXT -> wire.getValidationContext().getWatchedDirectory();
      case SESSION_TICKET_KEYS, GENERIC_SECRET, TYPE_NOT_SET ->
          WatchedDirectory.getDefaultInstance();
    };
  }

  private static Content content(Secret wire, Field at, Consumer<Path> files)
      throws InvalidResourceException {
    return switch (wire.getTypeCase()) {
      case TLS_CERTIFICATE ->
          new Content.Certificate(
              CertificateDecoder.certificate(
                  wire.getTlsCertificate(), at.at("tls_certificate"), files));
      case VALIDATION_CONTEXT ->
          new Content.Validation(
              ValidationDecoder.validation(
                  wire.getValidationContext(), at.at("validation_context"), files));
      case SESSION_TICKET_KEYS ->
          new Content.TicketKeys(
              ticketKeys(wire.getSessionTicketKeys(), at.at("session_ticket_keys"), files));
      case GENERIC_SECRET -> generic(wire.getGenericSecret(), at.at("generic_secret"), files);
      case TYPE_NOT_SET -> throw at.invalid("Secret type not implemented");
    };
  }

  static List<Bytes> ticketKeys(TlsSessionTicketKeys wire, Field at, Consumer<Path> files)
      throws InvalidResourceException {
    return at.each(
        "keys",
        wire.getKeysList(),
        (key, there) -> {
          var bytes = DataSourceDecoder.data(key, there, files).bytes();
          there.require(
              bytes.length == TICKET_KEY_LENGTH,
              "Incorrect TLS session ticket key length. Length "
                  + bytes.length
                  + ", expected length "
                  + TICKET_KEY_LENGTH
                  + ".");
          return new Bytes(bytes);
        });
  }

  private static Content generic(GenericSecret wire, Field at, Consumer<Path> files)
      throws InvalidResourceException {
    var values = new LinkedHashMap<String, Bytes>();
    if (wire.hasSecret()) {
      values.put(
          "", new Bytes(DataSourceDecoder.data(wire.getSecret(), at.at("secret"), files).bytes()));
    }
    for (var entry : wire.getSecretsMap().entrySet()) {
      var there = at.at("secrets", entry.getKey());
      values.put(
          entry.getKey(),
          new Bytes(DataSourceDecoder.data(entry.getValue(), there, files).bytes()));
    }
    return new Content.Generic(values);
  }
}
