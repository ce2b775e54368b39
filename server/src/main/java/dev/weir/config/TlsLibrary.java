package dev.weir.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Who speaks TLS.
///
/// The system property `dev.weir.tls` chooses: `boringssl` or `jdk`. Where it says nothing, it is
/// BoringSSL if that comes with Weir for this machine, and the JDK if not.
public enum TlsLibrary {
  /// The library that Envoy uses.
  BORINGSSL,
  /// The JDK's own, which knows less: what a configuration asks for beyond that is refused.
  JDK;

  /// The one of this process.
  public static final TlsLibrary PRESENT =
      choose(
          System.getProperty("dev.weir.tls"),
          System.getProperty("os.name"),
          System.getProperty("os.arch"));

  private static TlsLibrary choose(@Nullable String asked, String system, String machine) {
    return switch (asked) {
      case "jdk" -> JDK;
      case "boringssl" -> BORINGSSL;
      case null, default -> comesWith(system, machine) ? BORINGSSL : JDK;
    };
  }

  private static boolean comesWith(String system, String machine) {
    var arch =
        switch (machine.toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "aarch_64";
          default -> machine;
        };
    var name =
        "META-INF/native/libnetty_tcnative_%s_%s.so"
            .formatted(system.toLowerCase(Locale.ROOT), arch);
    return TlsLibrary.class.getClassLoader().getResource(name) != null;
  }
}
