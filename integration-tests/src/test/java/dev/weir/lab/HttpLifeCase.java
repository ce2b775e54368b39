package dev.weir.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// A client and what it does.
///
/// @param options of the connection manager, a YAML mapping's lines
/// @param http2 whether the answer is read as frames
/// @param sent one after the other, each as soon as something has come behind the one before
/// @param leave after how many events the client hangs up by itself; 0 if it waits for the end
record HttpLifeCase(String name, String options, boolean http2, List<byte[]> sent, int leave) {

  /// A client of HTTP/1.
  static HttpLifeCase http1(String name, String options, int leave, String... sent) {
    var bytes = new ArrayList<byte[]>();
    for (var text : sent) {
      bytes.add(text.getBytes(ISO_8859_1));
    }
    return new HttpLifeCase(name + " over HTTP/1", options, false, bytes, leave);
  }

  /// A client of HTTP/2.
  static HttpLifeCase http2(String name, String options, int leave, Http2Frames... sent) {
    var bytes = new ArrayList<byte[]>();
    for (var frames : sent) {
      bytes.add(frames.bytes());
    }
    return new HttpLifeCase(name + " over HTTP/2", options, true, bytes, leave);
  }

  /// Does it.
  ///
  /// @return what the client has seen, in order
  String play(int port) {
    var events = new ArrayList<String>();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) Await.DEADLINE.toMillis());
      var in = new DataInputStream(socket.getInputStream());
      int next = 0;
      while (leave == 0 || events.size() < leave) {
        if (next < sent.size()) {
          socket.getOutputStream().write(sent.get(next++));
        }
        read(in, events, next < sent.size());
      }
      events.add("leaves");
    } catch (IOException e) {
      events.add("reset".equals(e.getMessage()) || !events.isEmpty() ? "over" : "over at once");
    }
    return String.join(", ", events);
  }

  private void read(DataInputStream in, List<String> events, boolean more) throws IOException {
    if (http2) {
      frame(in, events);
    } else {
      response(in, events, more);
    }
  }

  /// Settings and windows are no events.
  static void frame(DataInputStream in, List<String> events) throws IOException {
    while (true) {
      int head = in.readInt();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      var payload = in.readNBytes(head >>> 8);
      switch (head & 0xff) {
        case Http2Frames.HEADERS -> events.add("head" + stream + end(flags));
        case Http2Frames.DATA -> {
          if (payload.length > 0) {
            events.add("data" + stream); // the end may come with it, or alone
          } else {
            continue;
          }
        }
        case Http2Frames.RST_STREAM -> events.add("reset" + stream + " " + payload[3]);
        case Http2Frames.PING -> events.add("ping");
        case Http2Frames.GOAWAY -> events.add("goaway " + payload[3] + " " + payload[7]);
        default -> {
          continue;
        }
      }
      return;
    }
  }

  private static String end(int flags) {
    return (flags & Http2Frames.END_STREAM) == 0 ? "" : " end";
  }

  private static void response(DataInputStream in, List<String> events, boolean more)
      throws IOException {
    var text = new StringBuilder();
    int length = 0;
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.startsWith("content-length: ")) {
        length = Integer.parseInt(line.substring("content-length: ".length()));
      }
      if (line.startsWith("HTTP/") || line.startsWith("connection:")) {
        text.append(text.isEmpty() ? "" : " ").append(line);
      }
    }
    var body = new String(in.readNBytes(length), ISO_8859_1);
    events.add(text + (body.isEmpty() ? "" : " " + body) + (more ? " and on" : ""));
  }

  private static String line(DataInputStream in) throws IOException {
    var line = new StringBuilder();
    for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
      line.append((char) next);
    }
    return line.toString().strip();
  }
}
