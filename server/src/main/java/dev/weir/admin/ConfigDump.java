package dev.weir.admin;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weir.admin.Page.Parameter;
import dev.weir.config.Checked;
import dev.weir.config.SecretConfig;
import dev.weir.proto.WireJson;
import dev.weir.xds.Accepted;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// `/config_dump`: what is configured, as messages of the admin API. The main loop is asked for a
/// snapshot; everything else happens beside it.
final class ConfigDump {
  private final BootstrapDump bootstrap;
  private final EngineView engine;
  private final List<Accepted<Checked<SecretConfig>>> secrets;

  /// @param secrets those of the start configuration
  ConfigDump(
      BootstrapDump bootstrap, EngineView engine, List<Accepted<Checked<SecretConfig>>> secrets) {
    this.secrets = secrets;
    this.bootstrap = bootstrap;
    this.engine = engine;
  }

  Page page() {
    return Page.view(
        "/config_dump",
        "The configuration in force",
        this::handle,
        Parameter.text("resource", "Only the elements of this list, such as dynamic_listeners"),
        Parameter.text("mask", "Only these fields, such as static_clusters.cluster.name"),
        Parameter.text("name_regex", "Only what is called like this (RE2, the whole name)"),
        Parameter.flag("include_eds", "Also the endpoints"));
  }

  private AdminResponse handle(AdminRequest request) {
    Predicate<String> wanted;
    try {
      wanted = names(request.value("name_regex"));
    } catch (PatternSyntaxException e) {
      return error(
          400,
          "INVALID_ARGUMENT: Error while parsing name_regex from "
              + e.getPattern()
              + ": "
              + e.getDescription());
    }
    var mask = request.value("mask");
    var paths = mask == null ? null : FieldPaths.of(mask);
    var resource = request.value("resource");
    var parts = parts(request.has("include_eds"), wanted);
    if (resource != null) {
      return elements(parts, resource, mask, paths);
    }
    var dump = dump(parts, mask, paths);
    return paths == null ? withWarnings(dump, wanted) : dump;
  }

  private AdminResponse withWarnings(AdminResponse dump, Predicate<String> wanted) {
    var warnings = WarningsDump.of(engine.snapshot(), wanted);
    return AdminResponse.json(warnings.addTo(dump.body()));
  }

  private static Predicate<String> names(@Nullable String regex) {
    if (regex == null) {
      return _ -> true;
    }
    var pattern = Pattern.compile(regex);
    return name -> pattern.matcher(name).matches();
  }

  private List<Message> parts(boolean endpoints, Predicate<String> wanted) {
    var snapshot = engine.snapshot();
    var parts = new ArrayList<Message>();
    parts.add(bootstrap.message());
    parts.add(ClustersDump.configuration(snapshot, engine.clusterResources(), wanted));
    if (endpoints) {
      parts.add(EndpointsDump.endpoints(snapshot, wanted));
    }
    parts.add(ListenersDump.configuration(snapshot, engine.listenerResources(), wanted));
    parts.addAll(RoutesDump.configuration(snapshot, engine.routeResources(), wanted));
    parts.add(SecretsDump.configuration(secrets, engine.secretResources(), wanted));
    parts.addAll(ExtensionsDump.configuration(engine.extensionResources(), wanted));
    parts.replaceAll(RedactedDump::of);
    return parts;
  }

  private static AdminResponse dump(
      List<Message> parts, @Nullable String mask, @Nullable FieldPaths paths) {
    if (paths == null) {
      return json(parts);
    }
    var fitting = parts.stream().filter(part -> MaskDump.fits(part, paths)).toList();
    return fitting.isEmpty()
        ? error(400, "FieldMask " + mask + " could not be successfully applied to any configs.")
        : json(fitting.stream().map(part -> MaskDump.cut(part, paths)).toList());
  }

  private static AdminResponse elements(
      List<Message> parts, String resource, @Nullable String mask, @Nullable FieldPaths paths) {
    for (var part : parts) {
      var field = part.getDescriptorForType().findFieldByName(resource);
      if (field != null && !field.isRepeated()) {
        return error(
            400,
            resource
                + " is not a repeated field. Use ?mask="
                + resource
                + " to get only this field");
      }
      if (field != null) {
        var elements = new ArrayList<Message>();
        for (int i = 0; i < part.getRepeatedFieldCount(field); i++) {
          elements.add((Message) part.getRepeatedField(field, i));
        }
        if (paths != null && elements.stream().anyMatch(one -> !MaskDump.fits(one, paths))) {
          return error(400, "FieldMask " + mask + " could not be successfully used.");
        }
        return json(
            elements.stream().map(one -> paths == null ? one : MaskDump.cut(one, paths)).toList());
      }
    }
    return error(404, resource + " not found in config dump");
  }

  private static AdminResponse json(List<Message> parts) {
    var all = io.envoyproxy.envoy.admin.v3.ConfigDump.newBuilder();
    parts.forEach(part -> all.addConfigs(Any.pack(part)));
    return AdminResponse.json(out -> WireJson.write(all.build(), WireJson.Layout.PRETTY, out));
  }

  private static AdminResponse error(int status, String text) {
    return new AdminResponse(status, "text/plain", out -> out.append(text));
  }
}
