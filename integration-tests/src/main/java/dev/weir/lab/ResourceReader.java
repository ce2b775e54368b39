package dev.weir.lab;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.weir.proto.Constraints;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.Parsed;
import dev.weir.proto.Violation;
import dev.weir.proto.WireError;
import dev.weir.proto.WireException;
import dev.weir.proto.WireFormat;
import dev.weir.proto.WireText;
import dev.weir.proto.WireTypes;
import io.envoyproxy.controlplane.cache.Resources;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads one file of resources: YAML with any number of documents, or JSON. A document is one
/// resource with its `"@type"`, or a list of such under `resources`.
final class ResourceReader {

  /// A resource and the place of its name, as `FILE:LINE:COLUMN`.
  record Located(Message resource, String place) {}

  private static final Pattern DOCUMENT_START = Pattern.compile("(?m)^---(?=\\s|$)");
  private static final LoadSettings LENIENT =
      LoadSettings.builder().setAllowDuplicateKeys(true).build();

  private final String file;
  private final List<Located> found = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /// @param file the name that problems are reported under
  ResourceReader(String file) {
    this.file = file;
  }

  List<Located> found() {
    return found;
  }

  /// Each with file, line and column in front; empty if all is well.
  List<String> problems() {
    return problems;
  }

  void read(String text, WireFormat format) {
    int start = 0;
    for (var mark = DOCUMENT_START.matcher(text); mark.find(); start = mark.end()) {
      document(text, start, mark.start(), format);
    }
    document(text, start, text.length(), format);
  }

  private void document(String text, int start, int end, WireFormat format) {
    // What stands before keeps its line breaks, so that the lines of the document keep their
    // numbers.
    var document = text.substring(0, start).replaceAll("[^\n]", " ") + text.substring(start, end);
    try {
      switch (content(document)) {
        case Map<?, ?> map when map.containsKey("@type") -> {
          var parsed = parse(document, format, Any.getDefaultInstance());
          add(parsed.message(), "", parsed);
        }
        case Nothing.NOTHING -> {}
        case Object _ -> {
          var parsed = parse(document, format, DiscoveryResponse.getDefaultInstance());
          for (int i = 0; i < parsed.message().getResourcesCount(); i++) {
            add(parsed.message().getResources(i), "resources[" + i + "]", parsed);
          }
        }
      }
    } catch (WireException e) {
      e.errors().forEach(this::report);
    }
  }

  private enum Nothing {
    NOTHING
  }

  private static Object content(String document) {
    try {
      var content = new Load(LENIENT).loadFromString(document);
      return content == null ? Nothing.NOTHING : content;
    } catch (YamlEngineException e) {
      return e; // Left to the parser, which says where it is wrong.
    }
  }

  private static <M extends Message> Parsed<M> parse(String text, WireFormat format, M prototype)
      throws WireException {
    return WireText.parse(text, format, prototype, OnUnknown.REJECT);
  }

  private void add(Any wire, String path, Parsed<?> parsed) {
    try {
      var resource = WireTypes.unpack(wire);
      if (!Snapshots.KINDS.contains(resource.getClass())) {
        report(parsed, path, wire.getTypeUrl() + " is not a resource that can be served");
        return;
      }
      var violations = Constraints.check(resource, path);
      violations.forEach(it -> report(parsed.positions().locate(it)));
      if (violations.isEmpty() && Resources.getResourceName(resource).isEmpty()) {
        report(parsed, path, "the resource has no name");
      } else if (violations.isEmpty()) {
        var position = parsed.positions().find(path);
        found.add(new Located(resource, place(position.line(), position.column())));
      }
    } catch (InvalidProtocolBufferException e) {
      report(parsed, path, String.valueOf(e.getMessage()));
    }
  }

  private void report(Parsed<?> parsed, String path, String message) {
    report(parsed.positions().locate(new Violation(path, message)));
  }

  private void report(WireError error) {
    var path = error.path().isEmpty() ? "" : error.path() + ": ";
    problems.add(place(error.line(), error.column()) + ": " + path + error.message());
  }

  private String place(int line, int column) {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
