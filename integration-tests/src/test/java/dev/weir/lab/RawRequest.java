package dev.weir.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Bytes that are sent to a listener, as a file of them has it.
///
/// @param name what they are about
/// @param listener by its number
/// @param bytes in ISO 8859-1
record RawRequest(String name, int listener, String bytes) implements Question {
  private static final Pattern ESCAPE = Pattern.compile("\\\\(r|n|\\\\|x..|\\{(.)\\*(\\d+)})");

  private static final Duration PATIENCE = Duration.ofMillis(2500);

  /// All requests of a resource, one for each listener that a line names.
  static List<RawRequest> load(String resource) throws IOException {
    var requests = new ArrayList<RawRequest>();
    try (var in = RawRequest.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("no " + resource);
      }
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (var line : text.lines().filter(it -> !it.startsWith("#")).toList()) {
        var parts = line.split(" \\| ", 3);
        for (var listener : parts[1].split(",", -1)) {
          requests.add(new RawRequest(parts[0], Integer.parseInt(listener), unescape(parts[2])));
        }
      }
    }
    return requests;
  }

  /// Undoes the escapes of such files.
  static String unescape(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(found -> {
          var escaped = found.group(1);
          var plain =
              switch (escaped.charAt(0)) {
                case 'r' -> "\r";
                case 'n' -> "\n";
                case 'x' -> Character.toString(Integer.parseInt(escaped.substring(1), 16));
                case '{' -> found.group(2).repeat(Integer.parseInt(found.group(3)));
                default -> "\\";
              };
          return Matcher.quoteReplacement(plain);
        });
  }

  /// As [#send(int, Duration)], with the usual patience.
  String send(int port) {
    return send(port, PATIENCE);
  }

  /// Sends the bytes.
  ///
  /// @param patience how long the connection is watched after the last byte before it counts as
  ///   left open: longer than either proxy takes to hang up by itself
  /// @return all that comes back, and how the connection was left: `open`, `eof` or `rst`
  @Override
  public String send(int port, Duration patience) {
    var received = new StringBuilder();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) patience.toMillis());
      return receive(socket, received) + " " + received;
    } catch (SocketTimeoutException _) {
      return "open " + received;
    } catch (IOException _) {
      return "rst " + received;
    }
  }

  private String receive(Socket socket, StringBuilder received) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    var chunk = new byte[65_536];
    while (true) {
      int read = socket.getInputStream().read(chunk);
      if (read < 0) {
        return "eof";
      }
      received.append(new String(chunk, 0, read, StandardCharsets.ISO_8859_1));
    }
  }
}
