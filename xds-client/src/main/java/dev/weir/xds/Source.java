package dev.weir.xds;

import java.util.List;

/// Something that resources come from. Main loop only.
sealed interface Source extends AutoCloseable permits XdsConnection, FileSource {
  /// What is held of a type.
  List<ResourceStatus> snapshot(String typeUrl);

  /// Requests of some type are not held back any more.
  void resumed();

  /// Ends it. No sink is called any more.
  @Override
  void close();
}
