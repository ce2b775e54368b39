package dev.weir.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The same listener filters and network filters on Envoy and on Weir, the same bytes from clients:
/// the same answers, counters and access log lines. One start of each serves all cases.
class FilterComparisonTest {

  private static final Pattern COMPARED =
      Pattern.compile(
          "(proxy_proto|tls_inspector|http_inspector|listener_local_ratelimit|connection_limit"
              + "|local_rate_limit|tcp\\.sni)\\..*|downstream_cx_proxy_proto_error"
              + "|listener\\.[a-z].*\\.(downstream_\\w+|no_filter_chain_match)");

  private static final Pattern LEFT_OUT =
      Pattern.compile("listener\\.admin\\..*|.*_flow_control_.*");

  private static final byte[] V2 = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
  private static final byte[] IPV4 = HexFormat.of().parseHex("010203040506070803e807d0");
  private static final byte[] TLVS =
      HexFormat.of().parseHex("0100036832ff" + "020003668062" + "0500026869" + "090000");

  /// Some bytes for some listener, in pieces that are sent apart.
  private record Client(String listener, String name, List<byte[]> pieces) {}

  @Test
  void theSameBytesGetTheSameAnswers() throws Exception {
    var clients = clients();
    var expected = observe(ProxyKind.ENVOY, clients);
    assertEquals(expected, observe(ProxyKind.WEIR, clients));
  }

  private static String observe(ProxyKind kind, List<Client> clients) throws IOException {
    try (var stream = FilterComparisonTest.class.getResourceAsStream("filters.yaml");
        var proxy = Proxy.start(kind, new String(stream.readAllBytes(), ISO_8859_1))) {
      var ports = proxy.ports();
      var seen = new ArrayList<String>();
      for (var client : clients) {
        seen.add(client.listener + " " + client.name + ": " + answer(client, ports));
      }
      seen.add(tooMany(ports.getOrDefault("limit", 0)));
      seen.add(tooMany(ports.getOrDefault("limit-later", 0)));
      Await.until(
          "all connections are closed",
          () ->
              proxy.stats().entrySet().stream()
                  .filter(it -> it.getKey().matches("listener\\.[a-z-]+\\.downstream.*_active"))
                  .allMatch(it -> it.getValue() == 0 || it.getKey().contains("admin")));
      var counters = counters(proxy);
      proxy.stop();
      return String.join("\n", seen) + "\n" + counters + log(proxy);
    }
  }

  private static String answer(Client client, Map<String, Integer> ports) throws IOException {
    try (var peer = Peer.connect(ports.getOrDefault(client.listener, 0))) {
      return peer.exchange(client.pieces);
    }
  }

  /// A second connection beside a first one, then a third after it.
  private static String tooMany(int port) throws IOException {
    try (var first = Peer.connect(port)) {
      var answers = first.ask("one") + ", ";
      try (var second = Peer.connect(port)) {
        answers += second.end().replace(Peer.RST, Peer.EOF) + ", ";
      }
      return answers + first.ask("two");
    }
  }

  private static String counters(Proxy proxy) throws IOException {
    var stats = proxy.stats();
    stats.values().removeIf(it -> it == 0);
    stats.keySet().removeIf(it -> !COMPARED.matcher(it).matches());
    stats.keySet().removeIf(it -> LEFT_OUT.matcher(it).matches());
    return stats.entrySet().stream()
        .map(it -> it.getKey() + ": " + it.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private static String log(Proxy proxy) throws IOException {
    return proxy.output().stream()
        .map(it -> it.replaceAll("(127\\.0\\.0\\.1|\\[::1]):[0-9]{5}", "ADDRESS"))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private static List<Client> clients() throws Exception {
    var clients = new ArrayList<Client>();
    for (var listener :
        List.of(
            "proxy", "maybe", "maybe-v2", "only-v1", "skipped", "skipped-port", "not-skipped")) {
      headers().forEach((name, pieces) -> clients.add(new Client(listener, name, pieces)));
    }
    clients.add(new Client("tlvs", "kept", List.of(v2(0x21, 0x11, join(IPV4, TLVS)))));
    clients.add(new Client("tlvs", "of a health check", List.of(v2(0x20, 0x11, join(IPV4, TLVS)))));
    requests().forEach((name, pieces) -> clients.add(new Client("http", name, pieces)));
    for (var listener : List.of("tls", "tls-strict", "blind", "net-state", "sni")) {
      hellos().forEach((name, pieces) -> clients.add(new Client(listener, name, pieces)));
    }
    behindHeaders(clients);
    for (var listener :
        List.of(
            "rate",
            "rate-off",
            "original",
            "state",
            "net-rate",
            "shared-1",
            "shared-2",
            "none",
            "silent")) {
      for (int i = 0; i < 4; i++) {
        clients.add(new Client(listener, "once more", List.of()));
      }
    }
    return clients;
  }

  private static void behindHeaders(List<Client> clients) throws Exception {
    var header = v2(0x21, 0x11, IPV4);
    var local = ascii("PROXY UNKNOWN\r\n");
    var request = ascii("GET / HTTP/1.1\r\n");
    for (var sni : List.of("a.example", "b.example", "c.example")) {
      clients.add(new Client("both", sni, List.of(join(header, Hellos.of(sni)))));
      clients.add(new Client("both", sni + " local", List.of(local, Hellos.of(sni))));
    }
    clients.add(new Client("both", "plain", List.of(join(header, request))));
    clients.add(new Client("both", "plain local", List.of(join(local, request))));
  }

  private static Map<String, List<byte[]>> headers() {
    var headers = new TreeMap<String, List<byte[]>>();
    for (var line :
        List.of(
            "TCP4 1.2.3.4 5.6.7.8 1000 2000",
            "TCP6 1::2 3::4 1000 2000",
            "UNKNOWN",
            "UNKNOWN a b c d",
            "UNKNOWNX",
            "TCP4 1.2.3 5.6.7.8 1000 2000",
            "TCP4 1::2 3::4 1000 2000",
            "TCP6 1.2.3.4 5.6.7.8 1000 2000",
            "TCP4 1.2.3.4 5.6.7.8 1000 200000",
            "TCP4 1.2.3.4 5.6.7.8 -1 1",
            "TCP4 1.2.3.4 5.6.7.8 +1 01",
            "TCP4 1.2.3.4 5.6.7.8 0 0",
            "TCP4 1.2.3.4 5.6.7.8 1000",
            "TCP4 1.2.3.4 5.6.7.8 1 2 3",
            "TCP4 1.2.3.4 5.6.7.8 1 2 ",
            "TCP4  1.2.3.4 5.6.7.8 1 2",
            "UDP4 1.2.3.4 5.6.7.8 1 2",
            "TCP4 255.255.255.255 5.6.7.8 1 2",
            "TCP4 1.2.3.4 0.0.0.0 1 2",
            "TCP6 ff02::1 ::1 1 2",
            "UNKNOWN " + "x".repeat(92),
            "UNKNOWN " + "x".repeat(93),
            "UNKNOWN " + "x".repeat(300))) {
      headers.put("PROXY " + line, List.of(ascii("PROXY " + line + "\r\n")));
    }
    headers.put("in pieces", List.of(ascii("PRO"), ascii("XY UNKNO"), ascii("WN\r"), ascii("\n")));
    for (var text : List.of("", "PRO", "PROXY UNKNOWN\n", "hello", "hello\r\n", "PROXY\r\n")) {
      headers.put("text " + text, List.of(ascii(text)));
    }
    headers.put("long text", List.of(ascii("GET / HTTP/1.1\r\n\r\n")));
    headers.put("v2 ipv4", List.of(v2(0x21, 0x11, IPV4)));
    headers.put(
        "v2 ipv6",
        List.of(
            v2(
                0x21,
                0x21,
                new byte[] {
                  0x20, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x20, 1, 0, 0, 0, 0, 0, 0, 0,
                  0, 0, 0, 0, 0, 0, 2, 1, 2, 3, 4
                })));
    headers.put("v2 local", List.of(v2(0x20, 0, new byte[0])));
    headers.put("v2 local with an address", List.of(v2(0x20, 0x11, IPV4)));
    headers.put("v2 datagrams", List.of(v2(0x21, 0x12, IPV4)));
    headers.put("v2 unix", List.of(v2(0x21, 0x31, new byte[216])));
    headers.put("v2 unspecified", List.of(v2(0x21, 0, new byte[0])));
    headers.put("v2 any address", List.of(v2(0x21, 0x11, new byte[12])));
    headers.put("v2 version 3", List.of(v2(0x31, 0x11, IPV4)));
    headers.put("v2 command 5", List.of(v2(0x25, 0x11, IPV4)));
    headers.put("v2 too short", List.of(v2(0x21, 0x11, new byte[8])));
    var lying = v2(0x21, 0x11, IPV4);
    lying[15] = 100;
    headers.put("v2 lying about its length", List.of(lying));
    headers.put("v2 lying TLV", List.of(v2(0x21, 0x11, join(IPV4, new byte[] {1, 0, 9, 'h'}))));
    headers.put("v2 cut TLV", List.of(v2(0x21, 0x11, join(IPV4, new byte[] {1, 0}))));
    headers.put("v2 large", List.of(v2(0x21, 0x11, join(IPV4, largeTlv()))));
    var whole = v2(0x21, 0x11, IPV4);
    headers.put(
        "v2 in pieces", List.of(slice(whole, 0, 5), slice(whole, 5, 14), slice(whole, 14, 28)));
    return headers;
  }

  private static byte[] largeTlv() {
    var tlv = new byte[40_003];
    tlv[0] = 7;
    tlv[1] = (byte) (40_000 >> 8);
    tlv[2] = (byte) 40_000;
    return tlv;
  }

  private static Map<String, List<byte[]>> requests() {
    var requests = new TreeMap<String, List<byte[]>>();
    for (var line :
        List.of(
            "GET / HTTP/1.1\r\n",
            "GET / HTTP/1.0\r\n",
            "GET /\r\n",
            "get / HTTP/1.1\r\n",
            "BOGUS / HTTP/1.1\r\n",
            "B{} / HTTP/1.1\r\n",
            "GET / HTTP/2.0\r\n",
            "GET / HTTP/1\r\n",
            "GET / HTTP/1.1\n",
            "GET  / HTTP/1.1\r\n",
            "GET /a b HTTP/1.1\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
            "PRI * HTTP/2.0\r\n",
            "GET / HTTP/1.1",
            "GETGETGET",
            "SSH-2.0-x\r\n",
            "\0\1\2",
            " GET / HTTP/1.1\r\n",
            "CONNECT a:1 HTTP/1.1\r\n",
            "HTTP/1.1 200 OK\r\n")) {
      requests.put(line, List.of(ascii(line)));
    }
    requests.put(
        "in pieces", List.of(ascii("GE"), ascii("T / HT"), ascii("TP/1.1\r"), ascii("\n")));
    return requests;
  }

  private static Map<String, List<byte[]>> hellos() throws Exception {
    var hellos = new TreeMap<String, List<byte[]>>();
    hellos.put("a.example", List.of(Hellos.of("a.example", "h2", "http/1.1")));
    hellos.put("A.Example", List.of(Hellos.of("A.Example")));
    hellos.put("b.example", List.of(Hellos.of("b.example", "h2")));
    hellos.put("no name", List.of(Hellos.of("", "spdy")));
    hellos.put("tls 1.2", List.of(Hellos.ofVersion("TLSv1.2", "a.example")));
    hellos.put("in small records", List.of(Hellos.inRecordsOf(40, Hellos.of("a.example"))));
    var hello = Hellos.of("a.example");
    hellos.put(
        "in pieces",
        List.of(slice(hello, 0, 3), slice(hello, 3, 50), slice(hello, 50, hello.length)));
    hellos.put("cut", List.of(slice(hello, 0, 60)));
    var garbage = hello.clone();
    garbage[50] = (byte) 200; // the session id's length
    garbage[43] = (byte) 255;
    hellos.put("garbage", List.of(garbage));
    hellos.put("text", List.of(ascii("hello, anybody there?")));
    return hellos;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static byte[] v2(int command, int family, byte[] body) {
    var header =
        new byte[] {(byte) command, (byte) family, (byte) (body.length >> 8), (byte) body.length};
    return join(V2, join(header, body));
  }

  private static byte[] join(byte[] one, byte[] other) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(one);
    all.writeBytes(other);
    return all.toByteArray();
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }
}
