package dev.weir.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Random;

/// Ports for programs that cannot be given port 0, and ports at which nobody is to be found: one
/// that was given up could be given to the next listener that asks for any.
final class FreePorts {

  private static final int LOWEST = 20_000;
  private static final int ATTEMPTS = 100;

  /// Where the ports begin from which the system serves those who ask for any.
  private static final int EPHEMERAL = 32_000;

  private FreePorts() {}

  /// Finds ports in a row that nobody listens on, outside the range of ephemeral ports.
  ///
  /// @return the first
  static int inARow(int count) {
    var random = new Random();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int first = random.nextInt(LOWEST, EPHEMERAL - count);
      if (areFree(first, count)) {
        return first;
      }
    }
    throw new AssertionError("no " + count + " free ports in a row");
  }

  private static boolean areFree(int first, int count) {
    var taken = new ArrayList<ServerSocket>();
    try {
      for (int port = first; port < first + count; port++) {
        taken.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
      }
      return true;
    } catch (IOException _) {
      return false;
    } finally {
      taken.forEach(FreePorts::close);
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
