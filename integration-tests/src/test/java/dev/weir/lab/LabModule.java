package dev.weir.lab;

import java.nio.file.Path;

/// Where this Maven module lies, whoever runs its tests.
final class LabModule {

  private static final Path FOLDER =
      Path.of(System.getProperty("basedir", "integration-tests")).toAbsolutePath();

  private LabModule() {}

  /// The folder that only the build writes to.
  static Path target() {
    return FOLDER.resolve("target");
  }

  static Path path(String inside) {
    return FOLDER.resolve(inside);
  }
}
