package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.Consumer;

/// Reads what a `config.core.v3.DataSource` points to, at the time of decoding.
public final class DataSourceDecoder {
  private DataSourceDecoder() {}

  /// What was read.
  ///
  /// @param origin the file's name, or `<inline>`
  @SuppressWarnings("ArrayRecordComponent") // handed on once, and never compared
  record Data(String origin, byte[] bytes) {
    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /// The data as text.
  ///
  /// @throws InvalidResourceException if there is no such file or environment variable
  public static String text(DataSource wire, Field at) throws InvalidResourceException {
    return data(wire, at, _ -> {}).text();
  }

  /// The data, with where it comes from.
  ///
  /// @param files told of the file, where it is one
  /// @throws InvalidResourceException if there is no such file or environment variable
  static Data data(DataSource wire, Field at, Consumer<Path> files)
      throws InvalidResourceException {
    return switch (wire.getSpecifierCase()) {
      case FILENAME -> file(wire.getFilename(), at.at("filename"), files);
      case INLINE_BYTES -> new Data("<inline>", wire.getInlineBytes().toByteArray());
      case INLINE_STRING -> inline(wire.getInlineString());
      case ENVIRONMENT_VARIABLE -> {
        String name = wire.getEnvironmentVariable();
        String value = System.getenv(name);
        if (value == null) {
          throw at.at("environment_variable")
              .invalid("Environment variable doesn't exist: " + name);
        }
        yield inline(value);
      }
      case SPECIFIER_NOT_SET -> throw at.invalid("a source is required");
    };
  }

  /// The data as it is, in hexadecimal.
  ///
  /// @throws InvalidResourceException if there is no such file or environment variable
  public static String hex(DataSource wire, Field at) throws InvalidResourceException {
    return HexFormat.of().formatHex(data(wire, at, _ -> {}).bytes());
  }

  private static Data inline(String text) {
    return new Data("<inline>", text.getBytes(StandardCharsets.UTF_8));
  }

  private static Data file(String name, Field at, Consumer<Path> files)
      throws InvalidResourceException {
    try {
      var path = Path.of(name);
      files.accept(path);
      return new Data(name, Files.readAllBytes(path));
    } catch (IOException | InvalidPathException _) {
      throw at.invalid("Invalid path: " + name);
    }
  }
}
