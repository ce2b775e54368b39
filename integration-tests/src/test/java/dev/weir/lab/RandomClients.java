package dev.weir.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The first bytes of clients: perhaps a PROXY header, then a ClientHello or plain text.
final class RandomClients {

  private static final List<String> ADDRESSES =
      List.of("10.1.2.3", "10.1.9.9", "10.9.9.9", "192.168.1.7", "192.168.7.7", "9.9.9.9");
  private static final List<Integer> PORTS = List.of(443, 8443, 1000, 2000, 5);
  private static final List<String> NAMES =
      List.of("", "a.example", "b.a.example", "c.b.a.example", "B.example", "example", "x.other");

  private final Random random;
  private final List<byte[]> starts = new ArrayList<>();

  RandomClients(Random random) throws Exception {
    this.random = random;
    for (var name : NAMES) {
      starts.add(Hellos.of(name));
      starts.add(Hellos.of(name, "h2"));
      starts.add(Hellos.of(name, "http/1.1", "h2"));
    }
    starts.add("GET / HTTP/1.1\r\n".getBytes(US_ASCII));
    starts.add("GET / HTTP/1.0\r\n".getBytes(US_ASCII));
    starts.add("hello\r\n\r\n\r\n\r\n\r\n\r\n".getBytes(US_ASCII));
  }

  byte[] next() {
    var bytes = new ByteArrayOutputStream();
    if (random.nextInt(4) > 0) {
      bytes.writeBytes(header().getBytes(US_ASCII));
    }
    bytes.writeBytes(one(starts));
    return bytes.toByteArray();
  }

  private String header() {
    if (random.nextInt(6) == 0) {
      return "PROXY TCP6 2001:db8::1 2001:db9::" + random.nextInt(1, 3) + " 1000 443\r\n";
    }
    return "PROXY TCP4 "
        + one(ADDRESSES)
        + " "
        + one(ADDRESSES)
        + " "
        + one(PORTS)
        + " "
        + one(PORTS)
        + "\r\n";
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
