package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What hosts are told of the client's certificate in `x-forwarded-client-cert`, on Envoy and on
/// Weir, over mutual TLS: every way to forward it with every choice of details, of clients that
/// send the header or not. One start of each serves all cases.
class ForwardedCertificateComparisonTest {
  private static final List<String> WAYS =
      List.of("SANITIZE", "FORWARD_ONLY", "APPEND_FORWARD", "SANITIZE_SET", "ALWAYS_FORWARD_ONLY");

  private static final List<String> DETAILS =
      List.of(
          "",
          "subject: true",
          "uri: true",
          "dns: true",
          "subject: true, cert: true, chain: true, dns: true, uri: true");

  private static final List<String> SENT =
      List.of(
          "",
          "x-forwarded-client-cert: By=a;Hash=b\r\n",
          "x-forwarded-client-cert: By=a;Hash=b\r\nX-Forwarded-Client-Cert: Hash=c\r\n",
          "x-forwarded-client-cert:\r\n");

  @Test
  void hostsAreToldTheSame(@TempDir Path folder) throws Exception {
    var pki = new Pki(folder);
    var authority = pki.make("ca", Pki.Wish.authority(null));
    var middle = pki.make("middle", Pki.Wish.authority(authority));
    pki.make("server", Pki.Wish.of(authority, "DNS:server.test,URI:spiffe://a/s,URI:spiffe://b/s"));
    var clients = new LinkedHashMap<String, TlsPeer>();
    clients.put("nobody", TlsPeer.PLAIN);
    for (var san :
        List.of("URI:spiffe://a/b,URI:spiffe://c/d,DNS:a.test,DNS:b.test", "DNS:c.test", "")) {
      clients.put(
          san, TlsPeer.PLAIN.showing(pki.make("c" + clients.size(), Pki.Wish.of(middle, san))));
    }
    try (var echo = HttpEcho.start()) {
      var bootstrap = bootstrap(folder, echo.port());
      var expected = observe(ProxyKind.ENVOY, bootstrap, clients);
      assertEquals(expected, observe(ProxyKind.WEIR, bootstrap, clients));
    }
  }

  private static String observe(ProxyKind kind, String bootstrap, Map<String, TlsPeer> clients)
      throws IOException {
    try (var proxy = Proxy.start(kind, bootstrap)) {
      var ports = proxy.ports();
      var seen = new ArrayList<String>();
      for (var listener : listeners().keySet()) {
        for (var client : clients.entrySet()) {
          for (var sent : SENT) {
            seen.add(
                listener
                    + " "
                    + client.getKey()
                    + " "
                    + sent.strip()
                    + ": "
                    + ask(client.getValue(), ports.getOrDefault(listener, 0), sent));
          }
        }
      }
      return String.join("\n", seen);
    }
  }

  private static String ask(TlsPeer client, int port, String sent) throws IOException {
    try (var socket = client.open(port)) {
      socket
          .getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nhost: a\r\n" + sent + "connection: close\r\n\r\n")
                  .getBytes(StandardCharsets.ISO_8859_1));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      int from = answer.indexOf("[");
      return (from < 0 ? answer : answer.substring(from))
          .replaceAll("x-request-id: [-0-9a-f]+", "x-request-id: ...");
    }
  }

  private static Map<String, String> listeners() {
    var all = new LinkedHashMap<String, String>();
    for (var way : WAYS) {
      for (var details : DETAILS) {
        all.put(
            way + " " + details.replace(": true", "").replace(": ", " is ").replace(",", " and"),
            "forward_client_cert_details: "
                + way
                + (details.isEmpty()
                    ? ""
                    : ", set_current_client_cert_details: {" + details + "}"));
      }
    }
    return all;
  }

  private static String bootstrap(Path folder, int port) {
    var text = new StringBuilder("static_resources:\n  listeners:\n");
    listeners().forEach((name, rules) -> text.append(listener(name, rules, folder)));
    return text.append("  clusters:\n")
        .append(Bootstraps.cluster("echo", port).indent(2))
        .toString();
  }

  private static String listener(String name, String rules, Path folder) {
    return """
      - name: "%1$s"
        address: {socket_address: {address: 127.0.0.1, port_value: 0}}
        filter_chains:
        - transport_socket:
            name: tls
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3\
    .DownstreamTlsContext
              common_tls_context:
                tls_certificates:
                - certificate_chain: {filename: "%3$s/server.pem"}
                  private_key: {filename: "%3$s/server.key"}
                validation_context: {trusted_ca: {filename: "%3$s/ca.pem"}}
          filters:
          - name: http
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network\
    .http_connection_manager.v3.HttpConnectionManager, stat_prefix: h, delayed_close_timeout: 0s, \
    %2$s, http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy\
    .extensions.filters.http.router.v3.Router}}], route_config: {virtual_hosts: [{name: all, \
    domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: echo}}]}]}}
    """
        .formatted(name, rules, folder);
  }
}
