package dev.weir.transport.tls;

import dev.weir.config.CertificateConfig;
import dev.weir.config.ValidationConfig;
import dev.weir.transport.DialOptions;
import org.jspecify.annotations.Nullable;

/// A client's TLS with one generation of its secrets. Made on the main loop or a worker; any
/// worker.
sealed interface ClientContext extends TlsGeneration permits NativeClient, JdkClient {

  /// What it is made of.
  ///
  /// @param certificate to show; null for none
  record Secrets(@Nullable CertificateConfig certificate, ValidationConfig rules) {}

  /// A new connection; null if this generation has been given back.
  @Nullable TlsEngine connection(DialOptions options);
}
