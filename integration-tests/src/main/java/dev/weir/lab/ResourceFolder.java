package dev.weir.lab;

import com.google.protobuf.Message;
import dev.weir.lab.ResourceReader.Located;
import dev.weir.proto.WireFormat;
import io.envoyproxy.controlplane.cache.Resources;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A folder of files that hold resources. Hidden files, files of other endings and a proxy's own
/// `bootstrap` file are passed over.
final class ResourceFolder {

  /// All that the folder holds.
  ///
  /// @param problems each with file, line and column; where there are any, `resources` lacks things
  record Reading(List<Message> resources, List<String> problems) {}

  private record Key(Class<? extends Message> kind, String name) {}

  private final Path folder;

  ResourceFolder(Path folder) {
    this.folder = folder;
  }

  /// The files that count, by name.
  List<Path> files() throws IOException {
    try (var entries = Files.newDirectoryStream(folder, ResourceFolder::counts)) {
      var files = new ArrayList<Path>();
      entries.forEach(files::add);
      files.sort(Comparator.naturalOrder());
      return files;
    }
  }

  private static boolean counts(Path file) {
    var name = file.getFileName().toString();
    var format = WireFormat.ofFile(name);
    return (format == WireFormat.YAML || format == WireFormat.JSON)
        && !name.startsWith(".")
        && !name.startsWith("bootstrap.")
        && Files.isRegularFile(file);
  }

  Reading read() throws IOException {
    var resources = new ArrayList<Message>();
    var problems = new ArrayList<String>();
    var places = new HashMap<Key, String>();
    for (var file : files()) {
      var reader = read(file);
      problems.addAll(reader.problems());
      for (var found : reader.found()) {
        resources.add(found.resource());
        checkUnique(found, places, problems);
      }
    }
    return new Reading(List.copyOf(resources), List.copyOf(problems));
  }

  private static ResourceReader read(Path file) throws IOException {
    var reader = new ResourceReader(file.toString());
    try {
      var json = WireFormat.ofFile(file.toString()) == WireFormat.JSON;
      reader.read(Files.readString(file), json ? WireFormat.JSON : WireFormat.YAML);
    } catch (CharacterCodingException _) {
      reader.problems().add(file + ": not a text in UTF-8");
    }
    return reader;
  }

  private static void checkUnique(Located found, Map<Key, String> places, List<String> problems) {
    var name = Resources.getResourceName(found.resource());
    var before = places.put(new Key(found.resource().getClass(), name), found.place());
    if (before != null) {
      problems.add(found.place() + ": '" + name + "' is already defined at " + before);
    }
  }
}
