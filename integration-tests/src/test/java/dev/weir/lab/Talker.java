package dev.weir.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;

/// A client that talks to an [Echo] all the time, in lines of any length, and looks at every byte
/// of the answers. One thread of its own.
final class Talker implements AutoCloseable {

  private static final long PAUSE_NANOS = 2_000_000;
  private static final int LONGEST = 20_000;

  private final Socket socket;
  private final String name;
  private final AtomicInteger lines = new AtomicInteger();
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private volatile boolean done;

  private Talker(Socket socket, String name, long seed) {
    this.socket = socket;
    this.name = name;
    Thread.ofVirtual()
        .start(() -> {
          try {
            end.complete(talk(new Random(seed)));
          } catch (IOException | RuntimeException e) {
            end.completeExceptionally(e);
          }
        });
  }

  /// Begins to talk.
  ///
  /// @param name of the backend that is to answer, now and until the end
  static Talker start(int port, String name, long seed) throws IOException {
    return start(new Socket(InetAddress.getLoopbackAddress(), port), name, seed);
  }

  /// As the other, over a connection that is there, perhaps with TLS.
  static Talker start(Socket socket, String name, long seed) throws IOException {
    socket.setSoTimeout((int) Await.DEADLINE.toMillis());
    var talker = new Talker(socket, name, seed);
    talker.goesOn();
    return talker;
  }

  private String talk(Random random) throws IOException {
    while (!done) {
      var line = line(random);
      var expected = (name + " " + line).getBytes(StandardCharsets.US_ASCII);
      try {
        socket.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < expected.length; i++) {
          int next = socket.getInputStream().read();
          if (next < 0) {
            return Peer.EOF;
          }
          if (next != expected[i]) {
            throw new IllegalStateException("byte " + i + " of " + name + " " + line);
          }
        }
      } catch (SocketException | SSLException _) {
        return Peer.RST;
      }
      lines.incrementAndGet();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return "";
  }

  private static String line(Random random) {
    return random
            .ints(random.nextInt(1, LONGEST), 'a', 'z' + 1)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        + "\n";
  }

  /// Waits until more has been said and answered.
  ///
  /// @throws AssertionError if the connection has ended
  void goesOn() {
    int before = lines.get();
    Await.until(name + " goes on", () -> lines.get() > before + 1 || end.isDone());
    if (end.isDone()) {
      throw new AssertionError(name + " has ended: " + end);
    }
  }

  /// Waits until the other side has ended the connection, by FIN or RST.
  void ends() {
    Await.until(name + " ends", end::isDone);
    if (end.join().isEmpty()) {
      throw new AssertionError(name + " has ended by itself");
    }
  }

  @Override
  public void close() throws IOException {
    done = true;
    socket.close();
    end.exceptionally(e -> "").join();
  }
}
