package dev.weir.lab;

import com.google.protobuf.Message;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;

/// A [ControlPlane] that serves what a folder holds, and pushes again whenever a file is saved.
/// While the folder has a mistake in it, the last good state stays in force.
final class FolderControlPlane implements AutoCloseable {

  private final ResourceFolder folder;
  private final XdsReport report;
  private final ControlPlane plane;
  private final FolderWatch watch;
  private List<Message> pushed = List.of();

  /// Reads the folder and begins to watch it.
  ///
  /// @throws NotDirectoryException if there is no such folder
  FolderControlPlane(Path folder, XdsReport report) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new NotDirectoryException(folder.toString());
    }
    this.folder = new ResourceFolder(folder);
    this.report = report;
    this.plane = ControlPlane.create(report);
    this.watch = FolderWatch.start(this.folder, this::refresh);
  }

  /// As [ControlPlane#listen(InetSocketAddress)].
  int listen(InetSocketAddress address) throws IOException {
    return plane.listen(address);
  }

  /// As [ControlPlane#listen(Path)].
  void listen(Path socket) throws IOException {
    plane.listen(socket);
  }

  private void refresh() {
    try {
      var reading = folder.read();
      if (!reading.problems().isEmpty()) {
        reading.problems().forEach(report::say);
        report.say("not pushed; what was pushed last stays in force");
      } else if (!reading.resources().equals(pushed)) {
        pushed = reading.resources();
        plane.push(pushed);
        report.pushed(pushed);
      }
    } catch (IOException e) {
      report.say("cannot read the folder: " + e);
    }
  }

  @Override
  public void close() {
    watch.close();
    plane.close();
  }
}
