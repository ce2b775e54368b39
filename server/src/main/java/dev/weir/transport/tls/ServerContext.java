package dev.weir.transport.tls;

import dev.weir.config.Bytes;
import dev.weir.config.CertificateConfig;
import dev.weir.config.ValidationConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A server's TLS with one generation of its secrets. Made on the main loop; any worker.
sealed interface ServerContext extends TlsGeneration permits NativeServer, JdkServer {

  /// What it is made of.
  ///
  /// @param ticketKeys as [TicketKeys] has them; empty for keys of its own, null for no tickets
  record Secrets(
      List<CertificateConfig> certificates,
      ValidationConfig rules,
      @Nullable List<Bytes> ticketKeys) {}

  /// A new connection; null if this generation has been given back.
  @Nullable TlsEngine connection();
}
