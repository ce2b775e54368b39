package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.weir.config.Checked;
import dev.weir.proto.Violation;
import dev.weir.xds.ConfigSource;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Holds the packages to their order: one may use only what stands to its right.
///
/// Read from the class files: what the code calls, holds and takes, however it was written.
class LayersTest {
  /// Who may use whom. A package may use itself, and whatever those that it may use may use.
  private static final Map<String, List<String>> USES =
      Map.ofEntries(
          Map.entry("server", List.of("admin", "bootstrap")),
          Map.entry("admin", List.of("engine")),
          Map.entry("engine", List.of("listener")),
          Map.entry("listener", List.of("tcpproxy", "http")),
          Map.entry("istio", List.of("connection")),
          Map.entry("tcpproxy", List.of("connection")),
          Map.entry("http", List.of("istio")),
          Map.entry("connection", List.of("upstream")),
          Map.entry("upstream", List.of("transport")),
          Map.entry("transport", List.of("telemetry")),
          Map.entry("telemetry", List.of("config")),
          Map.entry("bootstrap", List.of("config")),
          Map.entry("config", List.of("xds")),
          Map.entry("xds", List.of("proto")),
          Map.entry("proto", List.of()));

  /// Libraries, and the classes that may use them.
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "io.envoyproxy.",
              "(proto|xds|bootstrap)\\..*|config\\.(http\\.)?(\\w*Decoder|Resources|CelValues)|admin\\.\\w*Dump",
          "com.google.protobuf.",
              "(proto|xds|bootstrap)\\..*|config\\.(http\\.)?(\\w*Decoder|Resources|CelValues)|admin\\.\\w*Dump",
          "dev.cel.", "config\\.Cel\\w*",
          "org.jose4j.", "config\\.http\\.KeySet|http\\.filter\\.jwt\\..*",
          "io.grpc.", "xds\\..*",
          "io.micrometer.", "telemetry\\..*",
          "io.netty.", "(?!proto\\.|config\\.|bootstrap\\.).*");

  private static final String ROOT = "dev.weir.";

  @Test
  void everyPackageUsesOnlyWhatStandsToItsRight() throws IOException, URISyntaxException {
    var broken = new TreeSet<String>();
    for (var model : classes()) {
      var name = name(model.thisClass().asSymbol());
      for (var used : uses(model)) {
        check(name, used, broken);
      }
    }
    assertEquals("", String.join("\n", broken));
  }

  private static void check(String user, String used, Set<String> broken) {
    var file = user.substring(user.lastIndexOf('.') + 1) + ".class";
    if (used.startsWith(ROOT)) {
      if (!mayUse(layer(user), layer(used))) {
        broken.add(layer(user) + " -> " + layer(used) + " in " + file);
      }
      return;
    }
    var outer = user.substring(ROOT.length()).replaceFirst("\\$.*", "");
    LIBRARIES.forEach((library, users) -> {
      if (used.startsWith(library) && !outer.matches(users)) {
        broken.add(layer(user) + " -> " + library + "* in " + file);
      }
    });
  }

  private static boolean mayUse(String user, String used) {
    return user.equals(used)
        || USES.getOrDefault(user, List.of()).stream().anyMatch(next -> mayUse(next, used));
  }

  private static String layer(String className) {
    return className.substring(ROOT.length()).replaceFirst("\\..*", "");
  }

  private static Set<String> uses(ClassModel model) {
    var types = new HashSet<ClassDesc>();
    for (var entry : model.constantPool()) {
      if (entry instanceof ClassEntry type) {
        types.add(type.asSymbol());
      }
    }
    model.fields().forEach(field -> types.add(field.fieldTypeSymbol()));
    model.methods().forEach(method -> addAll(method.methodTypeSymbol(), types));
    var names = new HashSet<String>();
    types.forEach(type -> names.add(name(type)));
    return names;
  }

  private static void addAll(MethodTypeDesc method, Set<ClassDesc> types) {
    types.add(method.returnType());
    types.addAll(method.parameterList());
  }

  private static String name(ClassDesc type) {
    var element = type;
    while (element.isArray()) {
      element = element.componentType();
    }
    var descriptor = element.descriptorString();
    return element.isPrimitive()
        ? descriptor
        : descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
  }

  /// All classes of our own modules, each of which is found by one of its classes.
  private static List<ClassModel> classes() throws IOException, URISyntaxException {
    var roots = new HashSet<Path>();
    for (var anchor : List.of(Violation.class, ConfigSource.class, Checked.class)) {
      roots.add(rootOf(anchor));
    }
    assumeFalse(roots.contains(rootOf(LayersTest.class)), "tests lie beside what they test");
    var models = new ArrayList<ClassModel>();
    for (var root : roots) {
      if (Files.isDirectory(root)) {
        read(root, models);
      } else {
        try (var jar = FileSystems.newFileSystem(root)) {
          read(jar.getPath("/"), models);
        }
      }
    }
    return models;
  }

  private static Path rootOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static void read(Path root, List<ClassModel> models) throws IOException {
    try (var files = Files.walk(root.resolve("dev").resolve("weir"))) {
      for (var file : files.filter(it -> it.toString().endsWith(".class")).toList()) {
        models.add(ClassFile.of().parse(Files.readAllBytes(file)));
      }
    }
  }
}
