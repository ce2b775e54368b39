package dev.weir.admin;

import dev.weir.config.Checked;
import dev.weir.engine.EngineSnapshot;
import dev.weir.engine.Origin;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// What there is to say about configuration that was accepted: a member `warnings` behind the
/// `configs` of the dump, of the resources that have any. Envoy has no such member; clients of the
/// dump pass over what they do not know.
final class WarningsDump {
  private final List<Map<String, Object>> resources = new ArrayList<>();

  private WarningsDump() {}

  /// @param wanted by the name of the resource
  static WarningsDump of(EngineSnapshot engine, Predicate<String> wanted) {
    var dump = new WarningsDump();
    engine.activeClusters().forEach(it -> dump.add("cluster", it.origin(), wanted));
    engine.warmingClusters().forEach(it -> dump.add("cluster", it.origin(), wanted));
    engine.listeners().forEach(it -> dump.add("listener", it.origin(), wanted));
    return dump;
  }

  private <T> void add(String kind, Origin<T> origin, Predicate<String> wanted) {
    Checked<T> checked = origin.resource().value();
    if (!checked.warnings().isEmpty() && wanted.test(origin.name())) {
      var resource = new LinkedHashMap<String, Object>();
      resource.put("resource", kind);
      resource.put("name", origin.name());
      resource.put("warnings", checked.warnings());
      resources.add(resource);
    }
  }

  /// A body with the member added; the same where there is nothing to add.
  ///
  /// @param body writes one JSON object
  AdminResponse.Body addTo(AdminResponse.Body body) {
    if (resources.isEmpty()) {
      return body;
    }
    return out -> {
      var open = new OpenObject(out);
      body.writeTo(open);
      open.flush();
      out.append(",\n \"warnings\": ");
      Json.write(resources, out);
      out.append("\n}\n");
    };
  }

  /// Leaves the last brace out, with the white space around it.
  private static final class OpenObject extends FilterWriter {
    private final StringBuilder heldBack = new StringBuilder();

    OpenObject(Writer out) {
      super(out);
    }

    @Override
    public void write(int character) throws IOException {
      boolean mayBeTheEnd = character == '}' || Character.isWhitespace(character);
      if (!mayBeTheEnd || (character == '}' && heldBack.indexOf("}") >= 0)) {
        release();
      }
      if (mayBeTheEnd) {
        heldBack.append((char) character);
      } else {
        out.write(character);
      }
    }

    private void release() throws IOException {
      out.append(heldBack);
      heldBack.setLength(0);
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
      for (int i = from; i < from + length; i++) {
        write(text[i]);
      }
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
      for (int i = from; i < from + length; i++) {
        write(text.charAt(i));
      }
    }
  }
}
