package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The compressor filter on Envoy and on Weir: the same decision for every response and request,
/// the same headers and counters, and bodies that are the same once they are decoded.
class CompressorComparisonTest {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final String BREAK = " | ";

  @Test
  void bodiesAreCompressedForTheSameRequests() throws Exception {
    try (var backend = TextBackend.start()) {
      var expected = observe(ProxyKind.ENVOY, backend);
      assertEquals(expected, observe(ProxyKind.WEIR, backend));
    }
  }

  private static String observe(ProxyKind kind, TextBackend backend) throws Exception {
    try (var proxy = Proxy.start(kind, bootstrap(backend.port()))) {
      var ports = proxy.ports();
      var seen = new ArrayList<String>();
      for (var line : cases()) {
        var parts = line.split(" \\| ", -1);
        seen.add(line + "\n   " + ask(ports.getOrDefault(parts[0], 0), parts));
      }
      var stats = new TreeMap<>(proxy.stats());
      stats.keySet().removeIf(name -> !name.contains(".compressor."));
      stats.keySet().removeIf(name -> name.contains("total_compressed_bytes"));
      // Envoy counts twice where it tells in a header.
      stats.keySet().removeIf(name -> name.matches(".*(weak|told).*content_length_too_small"));
      stats.values().removeIf(value -> value == 0);
      stats.forEach((name, value) -> seen.add(name + ": " + value));
      return String.join("\n", seen);
    }
  }

  private static String ask(int port, String[] parts) throws IOException, InterruptedException {
    var line = parts[1].split(" ", -1);
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + line[1]));
    var body = line[0].equals("POST") ? TextBackend.text(500) : "";
    request.method(
        line[0], body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    for (int i = 2; i < parts.length; i++) {
      var pair = parts[i].split(": ", 2);
      request.header(pair[0], pair[1]);
    }
    var response = CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    var headers = new TreeMap<>(response.headers().map());
    headers.remove("date");
    headers.remove("x-envoy-upstream-service-time");
    var encoding = response.headers().firstValue("content-encoding").orElse(null);
    var text = response.body();
    try {
      text = Encodings.decode(encoding, response.body());
    } catch (IOException e) {
      encoding = "unreadable " + e.getMessage();
    }
    return "%d %s %s %d %d"
        .formatted(
            response.statusCode(),
            encoding,
            headers,
            text.length,
            new String(text, StandardCharsets.ISO_8859_1).hashCode());
  }

  private static List<String> cases() {
    var cases = new ArrayList<String>();
    for (var accept :
        List.of(
            "gzip",
            "br",
            "zstd",
            "gzip, br, zstd",
            "*",
            "identity",
            "gzip;q=0",
            "*;q=0",
            "gzip;q=0, *",
            "br;q=0.5, gzip;q=0.8",
            "br;q=0.8, gzip;q=0.5, identity;q=0.9",
            "GZIP",
            "deflate",
            "gzip;q=x",
            "gzip;q=x, br",
            "gzip;level=3",
            "gzip; Q=0.3 , zstd;q=0.2",
            "identity;q=0",
            "identity, gzip",
            "gzip, identity",
            "zstd, br",
            ", ,",
            "*, br;q=0.9",
            "*;q=0.5, zstd;q=0.6",
            "br;q=0, gzip;q=0, zstd;q=0, *")) {
      for (var listener : List.of("gzip", "all", "first", "types")) {
        cases.add(listener + BREAK + "GET /300" + BREAK + "accept-encoding: " + accept);
      }
    }
    for (var reply :
        List.of(
            "200",
            "200 content-type=text/plain;_charset=utf-8",
            "200 content-type=TEXT/plain",
            "200 content-type=image/png",
            "200 content-type=application/json",
            "404 content-type=text/html",
            "206 content-type=text/plain content-range=bytes_0-299/400",
            "500",
            "503",
            "200 etag=\"a\"",
            "200 etag=W/\"a\"",
            "200 etag=w/\"a\"",
            "200 etag=W/",
            "200 vary=accept-encoding",
            "200 vary=Accept-Encoding",
            "200 vary=Origin",
            "200 vary=Origin,Accept-Encoding",
            "200 vary=*",
            "200 cache-control=no-transform",
            "200 cache-control=public,_No-Transform",
            "200 cache-control=x-no-transform",
            "200 content-encoding=identity",
            "200 content-encoding=other",
            "200 content-type=")) {
      for (var listener : List.of("gzip", "old", "etag", "weak", "told")) {
        cases.add(
            listener
                + BREAK
                + "GET /300"
                + BREAK
                + "accept-encoding: gzip"
                + BREAK
                + "x-reply: "
                + reply);
      }
    }
    for (var line :
        List.of(
            "GET /29",
            "GET /30",
            "GET /0",
            "GET /99",
            "GET /100",
            "GET /chunked/10",
            "GET /chunked/5000",
            "GET /chunked/100000",
            "GET /100000",
            "HEAD /300",
            "POST /300",
            "POST /chunked/3000",
            "GET /off/300",
            "GET /on/300",
            "GET /other/300",
            "GET /keep/300",
            "GET /remove/300",
            "GET /direct")) {
      for (var listener :
          List.of("gzip", "old", "disabled", "all", "hard", "requests", "small", "weak", "told")) {
        for (var accept : List.of("gzip", "br", "zstd")) {
          cases.add(listener + BREAK + line + BREAK + "accept-encoding: " + accept);
        }
        cases.add(listener + BREAK + line);
      }
    }
    cases.removeIf(line -> line.startsWith("weak | GET /other")); // Envoy sends gzip as zstd
    cases.add("requests | POST /300 | content-encoding: x");
    cases.add(
        "told | GET /20 | accept-encoding: gzip | x-reply: 404 content-type=image/png etag=x");
    cases.add(
        "told | GET /200 | accept-encoding: gzip | x-reply: 404 content-type=image/png etag=x");
    cases.add(
        "told | GET /200 | accept-encoding: gzip | x-reply: 404 content-type=text/plain etag=x");
    cases.add("requests | POST /300 | content-type: image/png");
    cases.add("requests | POST /300 | content-type: text/plain");
    return cases;
  }

  private static String bootstrap(int port) {
    var listeners = new StringBuilder("static_resources:\n  listeners:\n");
    var gzip = library("gzip", "");
    var br = library("brotli", "");
    var zstd = library("zstd", "");
    var uses = "response_direction_config: {}";
    listener(listeners, "gzip", compressor("one", gzip, uses));
    listener(
        listeners,
        "old",
        compressor("one", gzip, "content_length: 100, remove_accept_encoding_header: true"));
    listener(
        listeners,
        "disabled",
        compressor(
            "one",
            br,
            "response_direction_config: {common_config: {enabled: {default_value: false,"
                + " runtime_key: a}}}"));
    listener(
        listeners,
        "etag",
        compressor(
            "one",
            gzip,
            "response_direction_config: {disable_on_etag_header: true,"
                + " remove_accept_encoding_header: true, uncompressible_response_codes: [404,"
                + " 206]}"));
    listener(
        listeners,
        "weak",
        compressor(
            "one",
            gzip,
            "response_direction_config: {weaken_etag_on_compress: true, status_header_enabled:"
                + " true}"));
    listener(
        listeners,
        "all",
        compressor("one", gzip, uses),
        compressor("two", br, uses),
        compressor("three", zstd, uses));
    listener(
        listeners,
        "first",
        compressor("one", gzip, uses),
        compressor("two", br, uses + ", choose_first: true"),
        compressor("three", zstd, uses));
    listener(
        listeners,
        "types",
        compressor(
            "one", gzip, "response_direction_config: {common_config: {content_type: [image/png]}}"),
        compressor("two", br, uses),
        compressor("three", zstd, uses));
    listener(
        listeners,
        "hard",
        compressor(
            "one",
            library("brotli", "quality: 11, encoder_mode: TEXT, window_bits: 24, chunk_size: 8192"),
            uses),
        compressor(
            "two",
            library(
                "zstd",
                "compression_level: 9, enable_checksum: true, strategy: BTULTRA, chunk_size:"
                    + " 65536"),
            uses),
        compressor(
            "three",
            library(
                "gzip",
                "compression_level: BEST_COMPRESSION, compression_strategy: HUFFMAN_ONLY,"
                    + " chunk_size: 8192"),
            uses));
    listener(
        listeners, "requests", compressor("one", gzip, "request_direction_config: {}, " + uses));
    listener(
        listeners,
        "small",
        compressor(
            "one", br, "request_direction_config: {common_config: {min_content_length: 600}}"));
    var told =
        "response_direction_config: {status_header_enabled: true, disable_on_etag_header: true,"
            + " uncompressible_response_codes: [404]}";
    listener(listeners, "told", compressor("one", gzip, told), compressor("two", br, told));
    return listeners
        + "  clusters:\n"
        + "  - {name: text, load_assignment: {cluster_name: text, endpoints: [{lb_endpoints:"
        + " [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: "
        + port
        + "}}}}]}]}}\n";
  }

  private static String library(String coding, String fields) {
    var type =
        "\"@type\": type.googleapis.com/envoy.extensions.compression.%s.compressor.v3.%s"
            .formatted(coding, Character.toUpperCase(coding.charAt(0)) + coding.substring(1));
    return "compressor_library: {name: lib, typed_config: {%s%s}}"
        .formatted(type, fields.isEmpty() ? "" : ", " + fields);
  }

  private static String compressor(String name, String library, String fields) {
    return "          - {name: %s, typed_config: {\"@type\": type.googleapis.com/envoy.extensions.filters.http.compressor.v3.Compressor, %s, %s}}\n"
        .formatted(name, library, fields);
  }

  private static void listener(StringBuilder into, String name, String... filters) {
    into.append(
        """
          - name: NAME
            address: {socket_address: {address: 127.0.0.1, port_value: 0}}
            filter_chains:
            - filters:
              - name: hcm
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: NAME
                  route_config:
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes:
                      - {match: {prefix: /off}, route: {cluster: text}, typed_per_filter_config: {one: {"@type": PERROUTE, disabled: true}}}
                      - {match: {prefix: /on}, route: {cluster: text}, typed_per_filter_config: {one: {"@type": PERROUTE, overrides: {response_direction_config: {}}}}}
                      - {match: {prefix: /other}, route: {cluster: text}, typed_per_filter_config: {one: {"@type": PERROUTE, overrides: {compressor_library: {name: z, typed_config: {"@type": type.googleapis.com/envoy.extensions.compression.zstd.compressor.v3.Zstd}}}}}}
                      - {match: {prefix: /keep}, route: {cluster: text}, typed_per_filter_config: {one: {"@type": PERROUTE, overrides: {response_direction_config: {remove_accept_encoding_header: false}}}}}
                      - {match: {prefix: /remove}, route: {cluster: text}, typed_per_filter_config: {one: {"@type": PERROUTE, overrides: {response_direction_config: {remove_accept_encoding_header: true}}}}}
                      - {match: {prefix: /direct}, direct_response: {status: 200, body: {inline_string: "a text that is given right here, a text that is given right here"}}}
                      - {match: {prefix: /}, route: {cluster: text}}
                  http_filters:
        """
            .replace("NAME", name)
            .replace(
                "PERROUTE",
                "type.googleapis.com/envoy.extensions.filters.http.compressor.v3.CompressorPerRoute"));
    for (var filter : filters) {
      into.append(filter);
    }
    into.append(
        "          - {name: router, typed_config: {\"@type\":"
            + " type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}\n");
  }
}
