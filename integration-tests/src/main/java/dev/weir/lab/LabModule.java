package dev.weir.lab;

import java.nio.file.Path;

/// Where this Maven module lies, whoever runs its tests and benchmarks.
public final class LabModule {

  private static final Path FOLDER =
      Path.of(System.getProperty("basedir", "integration-tests")).toAbsolutePath();

  private LabModule() {}

  /// The folder that only the build writes to.
  public static Path target() {
    return FOLDER.resolve("target");
  }

  /// A file or folder of the module.
  public static Path path(String inside) {
    return FOLDER.resolve(inside);
  }
}
