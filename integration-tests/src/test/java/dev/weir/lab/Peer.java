package dev.weir.lab;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/// One end of a TCP connection in a test's hand: a client of the gateway, or the backend's side.
/// Nothing waits longer than the deadline of [Await].
final class Peer implements AutoCloseable {

  /// Enough for the other side to see pieces apart, in nanoseconds.
  private static final long BETWEEN_PIECES = 15_000_000;

  /// After so many milliseconds nobody is going to answer any more.
  private static final int SILENCE = 40;

  /// How a connection ended, as its reader sees it.
  static final String EOF = "EOF";

  /// How a connection ended, as its reader sees it.
  static final String RST = "RST";

  private final Socket socket;
  private final InputStream in;

  Peer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) Await.DEADLINE.toMillis());
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static Peer connect(int port) throws IOException {
    return new Peer(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /// Connects from this address of the machine.
  static Peer connect(int port, String source) throws IOException {
    var from = InetAddress.getByName(source);
    return new Peer(new Socket(InetAddress.getLoopbackAddress(), port, from, 0));
  }

  /// Connects, sends the line, and gives the answer, or [#EOF] or [#RST].
  static String ask(int port, String line) throws IOException {
    try (var peer = connect(port)) {
      return peer.ask(line);
    }
  }

  /// Sends the line, and gives the answer, or [#EOF] or [#RST].
  String ask(String line) throws IOException {
    try {
      send(line + "\n");
    } catch (SocketException _) {
      return RST;
    }
    return line();
  }

  int localPort() {
    return socket.getLocalPort();
  }

  InetSocketAddress remote() {
    return (InetSocketAddress) socket.getRemoteSocketAddress();
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /// Sends that many arbitrary bytes, the same for the same seed, and closes; all that while the
  /// caller goes on.
  ///
  /// @return their checksum, when they are sent
  CompletableFuture<Long> sendBytesAside(int count, long seed) {
    var bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    var sent = new CompletableFuture<Long>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            socket.getOutputStream().write(bytes);
            socket.close();
            sent.complete(checksum(bytes));
          } catch (IOException e) {
            sent.completeExceptionally(e);
          }
        });
    return sent;
  }

  /// As [#sendBytesAside], and leaves the connection open.
  CompletableFuture<Long> sendAside(int count, long seed) {
    return aside(() -> {
      var bytes = new byte[count];
      new Random(seed).nextBytes(bytes);
      socket.getOutputStream().write(bytes);
      return checksum(bytes);
    });
  }

  /// Reads that many bytes while the caller goes on.
  ///
  /// @return their checksum, when they have come
  CompletableFuture<Long> checksumAside(int count) {
    return aside(() -> checksum(count));
  }

  /// Reads that many bytes, and gives their checksum.
  ///
  /// @throws EOFException if there are fewer
  long checksum(int count) throws IOException {
    var sum = new CRC32C();
    var buffer = new byte[64 * 1024];
    for (int rest = count; rest > 0; ) {
      int read = in.read(buffer, 0, Math.min(rest, buffer.length));
      if (read < 0) {
        throw new EOFException(rest + " of " + count + " bytes have not come");
      }
      sum.update(buffer, 0, read);
      rest -= read;
    }
    return sum.getValue();
  }

  private static CompletableFuture<Long> aside(Callable<Long> work) {
    var done = new CompletableFuture<Long>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            done.complete(work.call());
          } catch (Exception e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  static long checksum(byte[] bytes) {
    var sum = new CRC32C();
    sum.update(bytes);
    return sum.getValue();
  }

  /// The next line, or [#EOF] or [#RST] if the connection ends before one is whole.
  String line() throws IOException {
    var line = new ByteArrayOutputStream();
    try {
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          return EOF;
        }
        line.write(next);
      }
    } catch (SocketException _) {
      return RST;
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /// Sends the pieces one after the other, finishes if that is answered with silence, and reads
  /// until the connection ends.
  ///
  /// @return what came, and nothing more: whether it was a FIN or a RST hangs on who was faster
  String exchange(List<byte[]> pieces) throws IOException {
    var answer = new ByteArrayOutputStream();
    try {
      for (var piece : pieces) {
        socket.getOutputStream().write(piece);
        if (pieces.size() > 1) {
          LockSupport.parkNanos(BETWEEN_PIECES);
        }
      }
    } catch (SocketException _) {
      // The other side was faster, and may have answered before.
    }
    try {
      socket.setSoTimeout(SILENCE);
      for (int next = readOrFinish(); next >= 0; next = readOrFinish()) {
        answer.write(next);
      }
    } catch (SocketException _) {
      // What has come before counts.
    }
    return answer.toString(StandardCharsets.ISO_8859_1);
  }

  private int readOrFinish() throws IOException {
    try {
      return in.read();
    } catch (SocketTimeoutException _) {
      socket.setSoTimeout((int) Await.DEADLINE.toMillis());
      socket.shutdownOutput();
      return in.read();
    }
  }

  /// All bytes until the peer is done sending.
  byte[] rest() throws IOException {
    return in.readAllBytes();
  }

  /// Reads on until the connection ends.
  ///
  /// @return [#EOF] or [#RST]
  String end() throws IOException {
    try {
      in.transferTo(OutputStream.nullOutputStream());
      return EOF;
    } catch (SocketException _) {
      return RST;
    }
  }

  void finish() throws IOException {
    socket.shutdownOutput();
  }

  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
