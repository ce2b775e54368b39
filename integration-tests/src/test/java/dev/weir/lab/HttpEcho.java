package dev.weir.lab;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// A server of HTTP/1.1 that answers with what it was asked. Parts of the path have it answer
/// otherwise: `status=`, `cchunked`, `trailer`, `echo1`, `noresp`, `garbage`, `slow`, `late` (later
/// still), `early` (without waiting for the body), and what [EchoTrouble] knows.
final class HttpEcho implements AutoCloseable {
  private final ServerSocket socket;
  private final String name;
  private final EchoTrouble trouble = new EchoTrouble();
  private final Queue<String> recorded = new ConcurrentLinkedQueue<>();

  private HttpEcho(ServerSocket socket, String name) {
    this.socket = socket;
    this.name = name;
  }

  static HttpEcho start() throws IOException {
    return start("");
  }

  /// @param name to be told in every answer; empty for none
  static HttpEcho start(String name) throws IOException {
    return start(name, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /// At an address; port 0 takes any free one.
  static HttpEcho start(String name, InetSocketAddress address) throws IOException {
    var socket = new ServerSocket(address.getPort(), 500, address.getAddress());
    var echo = new HttpEcho(socket, name);
    Thread.startVirtualThread(echo::accept);
    return echo;
  }

  /// The requests whose path says `record`.
  Collection<String> recorded() {
    return recorded;
  }

  int port() {
    return socket.getLocalPort();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        var client = socket.accept();
        Thread.startVirtualThread(() -> serve(client));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true); // an answer goes out in two pieces
      var in = new BufferedInputStream(client.getInputStream());
      while (answer(in, client)) {
        // The next one may come.
      }
    } catch (IOException _) {
      // The client is gone.
    }
  }

  /// @return whether another request may come
  private boolean answer(InputStream in, Socket client) throws IOException {
    var line = line(in);
    if (line == null) {
      return false;
    }
    var headers = new TreeSet<String>();
    if (line.startsWith("PROXY ")) {
      headers.add(line);
      line = String.valueOf(line(in));
    } else if (line.equals("\r") || line.isEmpty()) {
      headers.add("PROXY 2 " + binaryHeader(in));
      line = String.valueOf(line(in));
    }
    String length = "0";
    boolean chunked = false;
    boolean upgrade = false;
    for (var next = line(in); next != null && !next.isEmpty(); next = line(in)) {
      var name = next.substring(0, next.indexOf(':')).toLowerCase(Locale.ROOT);
      var value = next.substring(next.indexOf(':') + 1).strip();
      chunked |= name.equals("transfer-encoding");
      upgrade |= name.equals("upgrade");
      length = name.equals("content-length") ? value : length;
      headers.add(name.equals("x-request-id") ? name + ": " + value.length() : next);
    }
    if (line.contains("early")) {
      respond(line, line, client);
      return false;
    }
    int bytes = chunked ? chunks(in, headers) : in.readNBytes(Integer.parseInt(length)).length;
    if (upgrade && !line.contains("status=")) {
      upgraded(in, client);
      return false;
    }
    if (line.contains("record")) {
      recorded.add("%s %s %d".formatted(line, headers, bytes));
    }
    if (trouble.make(line, headers.toString(), client)) {
      return false;
    }
    return respond(line, "%s %s %d".formatted(line, headers, bytes), client);
  }

  /// What is left of a header of the PROXY protocol's version 2, behind its first two bytes.
  private static int binaryHeader(InputStream in) throws IOException {
    var rest = in.readNBytes(14);
    int length = (rest[12] & 0xff) << 8 | (rest[13] & 0xff);
    return in.readNBytes(length).length;
  }

  private static int chunks(InputStream in, Set<String> headers) throws IOException {
    int bytes = 0;
    while (true) {
      int size = Integer.parseInt(String.valueOf(line(in)).split(";", -1)[0].strip(), 16);
      if (size == 0) {
        for (var next = line(in); next != null && !next.isEmpty(); next = line(in)) {
          headers.add("trailer " + next);
        }
        return bytes;
      }
      bytes += in.readNBytes(size).length;
      line(in);
    }
  }

  private static void upgraded(InputStream in, Socket client) throws IOException {
    send(
        client,
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n");
    var chunk = new byte[1000];
    for (int read = in.read(chunk); read > 0; read = in.read(chunk)) {
      send(client, "ws:" + new String(chunk, 0, read, StandardCharsets.ISO_8859_1));
    }
  }

  private boolean respond(String line, String body, Socket client) throws IOException {
    var path = line.split(" ", -1)[1];
    boolean well = trouble.isOver(line, body);
    var kind = well ? EchoTrouble.after(path) : path;
    if (kind.contains("noresp")) {
      if (path.contains("rst")) {
        client.setSoLinger(true, 0);
      }
      return false;
    }
    if (path.contains("garbage")) {
      send(client, "\0\1garbage\r\n\r\n");
      return false;
    }
    if (path.contains("slow")) {
      pause(600);
    }
    if (kind.contains("late")) {
      pause(2500);
    }
    var status = kind.contains("status=") ? kind.replaceFirst(".*status=(\\d+).*", "$1") : "200";
    var moved = EchoTrouble.location(path);
    var head = new StringBuilder("HTTP/1.1 ");
    head.append(moved == null ? status + " X\r\n" : moved)
        .append(well ? "" : EchoTrouble.headers(path));
    if (!name.isEmpty()) {
      head.append("x-backend: ").append(name).append("\r\n");
    }
    if (path.contains("echo1")) {
      head.append("x-echo-drop: 1\r\nserver: up\r\nx-keep: k\r\nconnection: keep-alive\r\n")
          .append("keep-alive: 5\r\nvia: 1.1 up\r\n");
    }
    if (status.equals("204") || status.equals("304")) {
      send(client, head + "\r\n");
    } else if (path.contains("cchunked")) {
      var trailer = path.contains("trailer") ? "x-trailer: t\r\n" : "";
      send(client, head + "transfer-encoding: chunked\r\n\r\n");
      if (!line.startsWith("HEAD")) {
        var size = Integer.toHexString(body.length());
        send(client, size + "\r\n" + body + "\r\n0\r\n" + trailer + "\r\n");
      }
    } else {
      send(client, head + "content-length: " + body.length() + "\r\n\r\n");
      send(client, line.startsWith("HEAD") ? "" : body);
    }
    return true;
  }

  /// Longer than some timeout of a route.
  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static @Nullable String line(InputStream in) throws IOException {
    var line = new ArrayList<Character>();
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        var text = new StringBuilder(line.size());
        line.forEach(text::append);
        return text.toString().strip();
      }
      line.add((char) next);
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
