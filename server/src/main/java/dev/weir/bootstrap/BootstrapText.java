package dev.weir.bootstrap;

import com.google.protobuf.ByteString;
import dev.weir.bootstrap.BootstrapLoader.NodeOverrides;
import dev.weir.bootstrap.BootstrapLoader.Request;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.Parsed;
import dev.weir.proto.Positions;
import dev.weir.proto.WireError;
import dev.weir.proto.WireException;
import dev.weir.proto.WireFormat;
import dev.weir.proto.WireText;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The message that files and flags amount to.
///
/// @param positions of its fields; unknown where two texts were merged
/// @param strange what was understood, though Envoy would refuse it
/// @param unknown fields that do not exist
record BootstrapText(
    Bootstrap message, Positions positions, List<String> strange, List<String> unknown) {

  /// Reads the file, lays the other text over it, then the flags.
  ///
  /// @throws BootstrapException if a text cannot be read
  static BootstrapText read(Request request) throws BootstrapException {
    var parts = new ArrayList<Parsed<Bootstrap>>();
    if (!request.configPath().isEmpty()) {
      parts.add(file(request.configPath(), request.inStatic()));
    }
    if (!request.configYaml().isEmpty()) {
      var yaml = ByteString.copyFromUtf8(request.configYaml());
      parts.add(parse(yaml, WireFormat.YAML, request.inStatic()));
    }
    if (parts.isEmpty()) {
      throw BootstrapException.of(
          "At least one of --config-path or --config-yaml should be non-empty");
    }
    var message = parts.getFirst().message();
    if (parts.size() > 1) {
      message = WireText.merge(message, parts.getLast().message());
    }
    var positions = parts.size() == 1 ? parts.getFirst().positions() : Positions.NONE;
    return new BootstrapText(
        withFlags(message, request.node()),
        positions,
        texts(parts, Parsed::warnings),
        texts(parts, Parsed::unknown));
  }

  private static List<String> texts(
      List<Parsed<Bootstrap>> parts, Function<Parsed<Bootstrap>, List<WireError>> findings) {
    return parts.stream().map(findings).flatMap(List::stream).map(WireError::toString).toList();
  }

  /// A file whose ending says nothing is taken for JSON.
  private static Parsed<Bootstrap> file(String name, OnUnknown onUnknown)
      throws BootstrapException {
    var format = WireFormat.ofFile(name);
    return parse(content(name), format == null ? WireFormat.JSON : format, onUnknown);
  }

  private static ByteString content(String name) throws BootstrapException {
    try {
      return ByteString.copyFrom(Files.readAllBytes(Path.of(name)));
    } catch (NoSuchFileException | InvalidPathException _) {
      throw BootstrapException.of("Invalid path: " + name);
    } catch (IOException e) {
      throw BootstrapException.of("unable to read file: " + name + ": " + e.getMessage());
    }
  }

  private static Parsed<Bootstrap> parse(ByteString text, WireFormat format, OnUnknown onUnknown)
      throws BootstrapException {
    try {
      return WireText.parse(text, format, Bootstrap.getDefaultInstance(), onUnknown);
    } catch (WireException e) {
      throw new BootstrapException(e.errors());
    }
  }

  private static Bootstrap withFlags(Bootstrap message, NodeOverrides flags) {
    if (flags.equals(NodeOverrides.NONE)) {
      return message;
    }
    var changed = message.toBuilder();
    var node = changed.getNodeBuilder();
    if (!flags.id().isEmpty()) {
      node.setId(flags.id());
    }
    if (!flags.cluster().isEmpty()) {
      node.setCluster(flags.cluster());
    }
    if (!flags.zone().isEmpty()) {
      node.getLocalityBuilder().setZone(flags.zone());
    }
    return changed.build();
  }
}
