package dev.weir.lab;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// The programs that are to do the same.
enum ProxyKind {
  WEIR,
  /// Where there is no BoringSSL.
  WEIR_WITH_JDK_TLS,
  ENVOY;

  /// What starts the program; its flags are to follow. Skips the test where there is no Envoy.
  List<String> command() {
    return switch (this) {
      case WEIR -> weir();
      case WEIR_WITH_JDK_TLS -> weir("-Ddev.weir.tls=jdk");
      case ENVOY -> List.of(envoy().toString(), "--log-level", "warn");
    };
  }

  private static Path envoy() {
    return EnvoyBinary.path().orElseGet(() -> Assumptions.abort("no Envoy to compare with"));
  }

  private static List<String> weir(String... properties) {
    var command = java();
    command.addAll(1, List.of(properties));
    command.add("dev.weir.server.Main");
    return command;
  }

  /// What starts another JVM like this one; a class with a `main` is to follow.
  static List<String> java() {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(it -> it.startsWith("--") || it.startsWith("-Dio.netty.leakDetection"))
        .forEach(command::add);
    command.add("-XX:TieredStopAtLevel=1"); // starts faster; nothing here is about speed
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }
}
