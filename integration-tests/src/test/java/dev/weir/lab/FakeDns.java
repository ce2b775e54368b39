package dev.weir.lab;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A DNS server (RFC 1035) that says what the test wants, over UDP.
final class FakeDns implements AutoCloseable {
  static final int SERVFAIL = 2;
  static final int NXDOMAIN = 3;

  private static final int A = 1;
  private static final int AAAA = 28;
  private static final int ANSWER = 0x8580;
  private static final int NAME_OF_THE_QUESTION = 0xc00c;

  private final DatagramSocket socket;
  private final Map<String, Zone> zones = new ConcurrentHashMap<>();

  private record Zone(int code, int ttl, List<InetAddress> addresses) {}

  private static final Zone SILENCE = new Zone(-1, 0, List.of());

  private FakeDns(DatagramSocket socket) {
    this.socket = socket;
  }

  static FakeDns start() throws IOException {
    var dns =
        new FakeDns(new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    Thread.ofVirtual().start(dns::serve);
    return dns;
  }

  int port() {
    return socket.getLocalPort();
  }

  /// The name has these addresses, of either version; none is an answer as well.
  void has(String name, int ttl, String... addresses) {
    zones.put(
        name, new Zone(0, ttl, Arrays.stream(addresses).map(InetAddress::ofLiteral).toList()));
  }

  /// Questions for the name get this response code.
  void fails(String name, int code) {
    zones.put(name, new Zone(code, 0, List.of()));
  }

  /// Questions for the name get no answer.
  void ignores(String name) {
    zones.put(name, SILENCE);
  }

  private void serve() {
    var buffer = new byte[1024];
    while (!socket.isClosed()) {
      var packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
        var answer = answer(ByteBuffer.wrap(buffer, 0, packet.getLength()));
        if (answer.length > 0) {
          socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      } catch (IOException _) {
        // Closed.
      }
    }
  }

  private byte[] answer(ByteBuffer query) throws IOException {
    int id = query.getShort(0);
    query.position(12);
    var name = new StringBuilder();
    for (int length = query.get(); length > 0; length = query.get()) {
      var label = new byte[length];
      query.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
    }
    int type = query.getShort();
    query.getShort();
    var question = new byte[query.position() - 12];
    query.get(12, question);
    var zone =
        zones.getOrDefault(
            name.toString().toLowerCase(Locale.ROOT), new Zone(NXDOMAIN, 0, List.of()));
    if (zone.equals(SILENCE)) {
      return new byte[0];
    }
    var answers =
        zone.addresses.stream()
            .filter(it -> type == (it.getAddress().length == 4 ? A : AAAA))
            .toList();
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    for (int part : new int[] {id, ANSWER | zone.code, 1, answers.size(), 0, 0}) {
      out.writeShort(part);
    }
    out.write(question);
    for (var address : answers) {
      out.writeShort(NAME_OF_THE_QUESTION);
      out.writeShort(type);
      out.writeShort(1);
      out.writeInt(zone.ttl);
      out.writeShort(address.getAddress().length);
      out.write(address.getAddress());
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    socket.close();
  }
}
