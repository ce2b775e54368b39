package dev.weir.lab.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.function.Predicate;

/// Connects through listeners and reads which server answers.
///
/// @param ports of the listeners
record Probe(List<Integer> ports) {
  private static final int PATIENCE_SECONDS = 60;
  private static final int IN_A_ROW = 20;
  private static final int READ_MILLIS = 2_000;

  /// Connects again and again until the answers are these, a letter for each listener; `-` for one
  /// that closes the connection without a word.
  ///
  /// @param since on [System#nanoTime]
  /// @return how long it took, in milliseconds; not a number if it did not come within a minute
  double await(Predicate<String> wanted, long since) throws IOException {
    var seen = "";
    while (System.nanoTime() - since < PATIENCE_SECONDS * 1_000_000_000L) {
      seen = ask();
      if (wanted.test(seen)) {
        return (System.nanoTime() - since) / 1e6;
      }
      RunningContender.pause(1);
    }
    System.out.print("no change in force after a minute, the last answers: " + seen + "; ");
    return Double.NaN;
  }

  /// Connects until the answers have been these often enough in a row that none of a few endpoints
  /// can have others.
  void awaitOnly(String wanted) throws IOException {
    long since = System.nanoTime();
    for (int i = 0; i < IN_A_ROW; i++) {
      if (!ask().equals(wanted)) {
        i = -1;
      }
      if (System.nanoTime() - since > PATIENCE_SECONDS * 1_000_000_000L) {
        throw new IOException("not only " + wanted + " within a minute");
      }
    }
  }

  private String ask() {
    var answers = new StringBuilder(ports.size());
    ports.forEach(port -> answers.append(ask(port)));
    return answers.toString();
  }

  private static char ask(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(READ_MILLIS);
      int answer = socket.getInputStream().read();
      return answer < 0 ? '-' : (char) answer;
    } catch (IOException _) {
      return '-';
    }
  }
}
