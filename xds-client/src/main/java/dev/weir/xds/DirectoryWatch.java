package dev.weir.xds;

/// A directory that is watched. Main loop only.
public interface DirectoryWatch extends AutoCloseable {
  @Override
  void close();
}
