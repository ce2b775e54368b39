package dev.weir.lab.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Who stands between the client and the server of a benchmark.
enum Contender {
  /// Nobody: what the machine gives without a proxy.
  DIRECT("direct"),
  WEIR("Weir"),
  /// Weir without epoll, if it is asked for.
  WEIR_IO_URING("Weir-io_uring"),
  ENVOY("Envoy"),
  HAPROXY("HAProxy"),
  NGINX("nginx");

  private final String title;

  Contender(String title) {
    this.title = title;
  }

  /// What tables call it.
  String title() {
    return title;
  }

  /// Whether it takes Envoy's configuration, tunnels and talks xDS.
  boolean speaksEnvoy() {
    return this == WEIR || this == WEIR_IO_URING || this == ENVOY;
  }

  /// The program of a peer that has to be installed; empty if it is not.
  static Optional<Path> installed(String name) {
    return java.util.stream.Stream.of("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin")
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
