package dev.weir.transport.tls;

/// What connections have in common whose TLS was made of the same secrets. Any worker.
interface TlsGeneration {
  /// Lets go; open connections go on.
  void release();
}
