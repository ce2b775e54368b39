package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads what a `config.core.v3.DataSource` points to, at the time of decoding.
public final class DataSourceDecoder {
  private DataSourceDecoder() {}

  /// The data as text.
  ///
  /// @throws InvalidResourceException if there is no such file or environment variable
  public static String text(DataSource wire, Field at) throws InvalidResourceException {
    return switch (wire.getSpecifierCase()) {
      case FILENAME -> file(wire.getFilename(), at.at("filename"));
      case INLINE_BYTES -> wire.getInlineBytes().toStringUtf8();
      case INLINE_STRING -> wire.getInlineString();
      case ENVIRONMENT_VARIABLE -> {
        String name = wire.getEnvironmentVariable();
        String value = System.getenv(name);
        if (value == null) {
          throw at.at("environment_variable")
              .invalid("Environment variable doesn't exist: " + name);
        }
        yield value;
      }
      case SPECIFIER_NOT_SET -> throw at.invalid("a source is required");
    };
  }

  private static String file(String name, Field at) throws InvalidResourceException {
    try {
      return Files.readString(Path.of(name));
    } catch (IOException _) {
      throw at.invalid("Invalid path: " + name);
    }
  }
}
