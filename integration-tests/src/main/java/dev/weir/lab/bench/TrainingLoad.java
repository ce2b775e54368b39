package dev.weir.lab.bench;

import java.io.IOException;

/// A little of each load that TCP puts on a gateway.
public final class TrainingLoad {
  private static final Load CONNECTS = new Load(0, 6_000);
  private static final Load MESSAGES = new Load(0, 2_000);

  private TrainingLoad() {}

  /// Runs it, for about ten seconds.
  ///
  /// @param port of a gateway before an [EchoServer]
  public static void run(int port) throws IOException {
    new ConnectLoad(port).run(16, CONNECTS);
    messages(port, 64, 64);
    messages(port, 8, 1 << 16); // large enough for a splice
  }

  private static void messages(int port, int connections, int bytes) throws IOException {
    try (var load = new RequestLoad(port, connections, bytes)) {
      load.run(MESSAGES);
    }
  }
}
