package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A secret (`extensions.transport_sockets.tls.v3.Secret`), with what its files held when it was
/// decoded.
///
/// @param files to be read again when one of them is replaced
public record SecretConfig(String name, Content content, Files files) {

  /// What is secret.
  public sealed interface Content {
    /// A certificate with its key.
    record Certificate(CertificateConfig certificate) implements Content {}

    /// What a peer has to show.
    record Validation(ValidationConfig rules) implements Content {}

    /// Keys for session tickets.
    record TicketKeys(List<Bytes> keys) implements Content {}

    /// Anything, by name; what has none is called the empty text.
    record Generic(Map<String, Bytes> values) implements Content {}
  }

  /// The files that it was read from.
  ///
  /// @param watched directories into which files are renamed when the secret changes
  /// @param alsoWrites whether a file counts too that was written in place
  /// @param again reads them anew
  public record Files(List<Path> watched, boolean alsoWrites, Reading again) {
    /// None.
    public static final Files NONE =
        new Files(
            List.of(),
            false,
            () -> {
              throw new IllegalStateException("there is nothing to read again");
            });
  }

  /// Reads a secret.
  public interface Reading {
    /// What its files hold now.
    ///
    /// @throws InvalidResourceException if they do not fit together
    Content read() throws InvalidResourceException;
  }
}
