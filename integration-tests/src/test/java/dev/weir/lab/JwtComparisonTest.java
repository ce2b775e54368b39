package dev.weir.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.Gson;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Tokens × requirements on Envoy and on Weir: the same requests pass, with the same headers for
/// the host, and the same is said of the others. One start of each serves all cases.
class JwtComparisonTest {
  private static final Gson JSON = new Gson();
  private static final String KIND = "envoy.extensions.filters.http.jwt_authn.v3.";

  /// Requirements by the path that has them.
  private static final Map<String, String> REQUIREMENTS = new LinkedHashMap<>();

  static {
    REQUIREMENTS.put("rsa", "requires: {provider_name: rsa}");
    REQUIREMENTS.put("any-issuer", "requires: {provider_name: any-issuer}");
    REQUIREMENTS.put("strict", "requires: {provider_name: strict}");
    REQUIREMENTS.put("remote", "requires: {provider_name: remote}");
    REQUIREMENTS.put("gone", "requires: {provider_name: gone}");
    REQUIREMENTS.put(
        "audiences",
        "requires: {provider_and_audiences: {provider_name: rsa, audiences: [other,"
            + " 'http://x/']}}");
    REQUIREMENTS.put("either", any("{provider_name: rsa}", "{provider_name: any-issuer}"));
    REQUIREMENTS.put("or-none", any("{provider_name: rsa}", "{allow_missing: {}}"));
    REQUIREMENTS.put("perhaps-either", any("{allow_missing: {}}", "{provider_name: rsa}"));
    REQUIREMENTS.put("or-bad", any("{provider_name: rsa}", "{allow_missing_or_failed: {}}"));
    REQUIREMENTS.put("both", all("{provider_name: rsa}", "{provider_name: any-issuer}"));
    REQUIREMENTS.put("ours-or", all("{provider_name: rsa}", "{allow_missing: {}}"));
    REQUIREMENTS.put(
        "nested",
        any(
            "{requires_all: {requirements: [{provider_name: rsa}, {provider_name: strict}]}}",
            "{provider_name: remote}"));
    REQUIREMENTS.put("none", "requires: {allow_missing: {}}");
    REQUIREMENTS.put("bad", "requires: {allow_missing_or_failed: {}}");
    REQUIREMENTS.put("named", "requirement_name: by-name");
  }

  private static String any(String... some) {
    return "requires: {requires_any: {requirements: [" + String.join(", ", some) + "]}}";
  }

  private static String all(String... all) {
    return "requires: {requires_all: {requirements: [" + String.join(", ", all) + "]}}";
  }

  @Test
  void theSameRequestsPass() throws Exception {
    var tokens = new Tokens();
    var requests = requests(tokens);
    var server = keyServer(tokens);
    try (var echo = HttpEcho.start()) {
      var config = bootstrap(tokens, echo.port(), server.getAddress().getPort());
      var expected = observe(ProxyKind.ENVOY, config, requests);
      assertEquals(expected, observe(ProxyKind.WEIR, config, requests));
    } finally {
      server.stop(0);
    }
  }

  private static HttpServer keyServer(Tokens tokens) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/keys",
        exchange -> {
          var keys = tokens.keySet("rsa").getBytes(UTF_8);
          exchange.sendResponseHeaders(200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String observe(ProxyKind kind, String config, Map<String, String> requests)
      throws IOException {
    try (var proxy = Proxy.start(kind, config)) {
      var ports = proxy.ports();
      var seen = new ArrayList<String>();
      for (var request : requests.entrySet()) {
        var listener = request.getKey().startsWith("quiet") ? "quiet" : "web";
        seen.add(
            request.getKey()
                + ": "
                + told(answer(ports.getOrDefault(listener, 0), request.getValue())));
      }
      var stats = proxy.stats();
      stats.keySet().removeIf(it -> !it.contains("jwt_authn") || it.contains("cache"));
      stats.keySet().removeIf(it -> it.contains("jwks_fetch_failed"));
      proxy.stop();
      return String.join("\n", seen) + "\n" + stats + "\n" + log(proxy);
    }
  }

  /// The whole answer. Nobody has to wait for the other to hang up, which takes Envoy a second.
  private static String answer(int port, String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) Await.DEADLINE.toMillis());
      socket.getOutputStream().write(request.getBytes(UTF_8));
      var in = new BufferedInputStream(socket.getInputStream());
      var head = new StringBuilder();
      int length = 0;
      for (var line = line(in); !line.isEmpty(); line = line(in)) {
        head.append(line).append('\n');
        if (line.startsWith("content-length: ")) {
          length = Integer.parseInt(line.substring("content-length: ".length()));
        }
      }
      return head + new String(in.readNBytes(length), UTF_8);
    }
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString().strip();
  }

  /// What of an answer is to be the same, on one line.
  private static String told(String answer) {
    var lines = new TreeSet<String>();
    answer
        .replace("\r", "")
        .lines()
        .filter(line ->
            line.matches(
                "(?i)(HTTP/|www-auth|content-length|authorization|x-|Jwt|Audi|GET|Fail).*"))
        .filter(line -> !line.matches("(?i)(x-request-id|x-envoy|x-forwarded).*"))
        .forEach(lines::add);
    return String.join(" / ", lines);
  }

  private static String log(Proxy proxy) throws IOException {
    return proxy.output().stream().sorted().collect(Collectors.joining("\n"));
  }

  private static Map<String, String> requests(Tokens tokens) throws Exception {
    var requests = new LinkedHashMap<String, String>();
    var all = tokens.all();
    var paths = new ArrayList<>(REQUIREMENTS.keySet());
    paths.addAll(List.of("free", "route-named", "route-off", "route-wrong"));
    for (var path : paths) {
      all.forEach((name, token) ->
          requests.put(path + " " + name, get("/" + path, "authorization: Bearer " + token)));
      requests.put(path + " nothing", get("/" + path + "?q=1"));
    }
    var good = all.get("good");
    var expired = all.get("expired");
    for (var value :
        List.of(
            "Bearer", "bearer " + good, "Basic x", "x Bearer " + good + ", y", good + " Bearer ")) {
      requests.put(
          "rsa written " + value.replace(good, "TOKEN"), get("/rsa", "authorization: " + value));
    }
    requests.put("rsa in query", get("/rsa?a=1&access_token=" + good + "&b=2"));
    requests.put(
        "rsa bad in query", get("/rsa?access_token=" + expired, "authorization: Bearer " + good));
    requests.put(
        "rsa bad in header", get("/rsa?access_token=" + good, "authorization: Bearer " + expired));
    requests.put(
        "rsa two headers",
        get("/rsa", "authorization: Bearer " + expired, "authorization: Bearer " + good));
    requests.put("bad both", get("/bad?access_token=" + good, "authorization: Bearer " + expired));
    requests.put(
        "none both", get("/none?access_token=" + good, "authorization: Bearer " + expired));
    requests.put(
        "forged",
        get(
            "/rsa",
            "authorization: Bearer " + good,
            "x-payload: forged",
            "x-sub: forged",
            "x-n: forged"));
    requests.put("not forged", get("/free", "x-payload: mine"));
    requests.put("not forged with a route", get("/route-off", "x-payload: mine", "x-sub: a"));
    requests.put(
        "quiet not forged preflight", preflight().replace("\r\n\r\n", "\r\nx-payload: a\r\n\r\n"));
    var ec = all.get("good ES256");
    requests.put("any in header", get("/any-issuer", "x-token: tok=" + ec));
    requests.put("any in header without prefix", get("/any-issuer", "x-token: " + ec));
    requests.put("any in query", get("/any-issuer?x=1&tk=" + ec));
    requests.put("any in cookie", get("/any-issuer", "cookie: a=b; ck=" + ec + "; c=d"));
    requests.put("any bare", get("/any-issuer", "x-bare: " + ec));
    requests.put("both good", get("/both", "authorization: Bearer " + good, "x-token: tok=" + ec));
    requests.put("both one bad", get("/both", "authorization: Bearer " + good, "x-token: tok=x"));
    requests.put(
        "both other bad", get("/both", "authorization: Bearer " + expired, "x-token: tok=" + ec));
    requests.put(
        "either other", get("/either", "authorization: Bearer " + expired, "x-token: tok=" + ec));
    strict(tokens, requests);
    var gone = tokens.signed("RS256", "rsa", Map.of(), Tokens.payload("gone", ""));
    requests.put("gone", get("/gone", "authorization: Bearer " + gone));
    requests.put("bad gone", get("/bad", "authorization: Bearer " + gone));
    requests.put("long path", get("/rsa/" + "x".repeat(400)));
    requests.put("preflight", preflight());
    requests.put("quiet nothing", get("/"));
    requests.put("quiet bad", get("/", "authorization: Bearer " + expired));
    requests.put("quiet audience", get("/", "authorization: Bearer " + all.get("other audience")));
    requests.put("quiet good", get("/", "authorization: Bearer " + good));
    requests.put("quiet preflight", preflight());
    requests.put("quiet state", get("/state", "x-state: strict"));
    requests.put("quiet other state", get("/state", "x-state: other"));
    return requests;
  }

  private static void strict(Tokens tokens, Map<String, String> requests) throws Exception {
    long now = System.currentTimeMillis() / 1000;
    var payloads =
        Map.of(
            "good", "\"sub\":\"good one\",\"exp\":" + (now + 600),
            "other subject", "\"sub\":\"bad\",\"exp\":" + (now + 600),
            "no subject", "\"exp\":" + (now + 600),
            "no expiration", "\"sub\":\"good one\"",
            "too long", "\"sub\":\"good one\",\"exp\":" + (now + 9000),
            "expired", "\"sub\":\"good one\",\"exp\":" + (now - 20));
    for (var one : payloads.entrySet()) {
      var token =
          tokens.signed("RS256", "rsa", Map.of(), "{\"iss\":\"strict\"," + one.getValue() + "}");
      requests.put("strict: " + one.getKey(), get("/strict", "authorization: Bearer " + token));
    }
  }

  private static String get(String path, String... headers) {
    return "GET "
        + path
        + " HTTP/1.1\r\nhost: h.example\r\n"
        + List.of(headers).stream().map(it -> it + "\r\n").collect(Collectors.joining())
        + "\r\n";
  }

  private static String preflight() {
    return get("/rsa", "origin: http://o", "access-control-request-method: GET")
        .replaceFirst("GET", "OPTIONS");
  }

  private static String bootstrap(Tokens tokens, int echo, int keys) {
    var local = JSON.toJson(tokens.keySet("rsa", "ec", "ec-384", "ed", "oct"));
    var providers =
        """
        {rsa: {issuer: rsa, audiences: [one, "https://two/"], local_jwks: {inline_string: %1$s}, \
        forward_payload_header: x-payload, payload_in_metadata: pay, header_in_metadata: head, \
        failed_status_in_metadata: fail, \
        normalize_payload_in_metadata: {space_delimited_claims: [scope]}, claim_to_headers: [\
        {header_name: x-sub, claim_name: sub}, {header_name: x-n, claim_name: "n"}, \
        {header_name: x-d, claim_name: d}, {header_name: x-b, claim_name: b}, \
        {header_name: x-deep, claim_name: nest.a}, {header_name: x-nest, claim_name: nest}, \
        {header_name: x-list, claim_name: list}, {header_name: x-null, claim_name: nothing}]}, \
        any-issuer: {local_jwks: {inline_string: %2$s}, forward: true, \
        forward_payload_header: x-any, pad_forward_payload_header: true, \
        from_headers: [{name: x-token, value_prefix: "tok="}, {name: x-bare}], from_params: [tk], \
        from_cookies: [ck]}, \
        strict: {issuer: strict, local_jwks: {inline_string: %1$s}, subjects: {prefix: good}, \
        require_expiration: true, max_lifetime: 3600s, clock_skew_seconds: 1}, \
        remote: {issuer: remote, remote_jwks: {http_uri: {uri: "http://keys.example/keys", \
        cluster: keys, timeout: 5s}}, forward: true}, \
        gone: {issuer: gone, remote_jwks: {http_uri: {uri: "http://keys.example/gone", \
        cluster: keys, timeout: 5s}, retry_policy: {num_retries: 1}}, \
        failed_status_in_metadata: fail}}\
        """
            .formatted(local, JSON.toJson(tokens.keySet("ec")));
    var rules =
        REQUIREMENTS.entrySet().stream()
            .map(it -> "{match: {prefix: /" + it.getKey() + "}, " + it.getValue() + "}")
            .collect(Collectors.joining(", "));
    return """
    static_resources:
      clusters: [%s, %s]
      listeners: [%s, %s]
    """
        .formatted(
            cluster("echo", echo),
            cluster("keys", keys),
            listener(
                "web",
                "providers: %s, rules: [{match: {prefix: /free}}, %s], requirement_map: {by-name: {provider_name: rsa}}"
                    .formatted(providers, rules),
                ""),
            listener(
                "quiet",
                "providers: %s, rules: [{match: {path: /}, requires: {provider_name: rsa}}, {match: {prefix: /rsa}, requires: {provider_name: rsa}}], strip_failure_response: true, bypass_cors_preflight: true, stat_prefix: quiet, filter_state_rules: {name: state, requires: {strict: {provider_name: strict}}}"
                    .formatted(providers),
                ""));
  }

  private static String cluster(String name, int port) {
    return "{name: %1$s, load_assignment: {cluster_name: %1$s, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %2$d}}}}]}]}}"
        .formatted(name, port);
  }

  private static String listener(String name, String tokens, String before) {
    return """
    {name: %1$s, address: {socket_address: {address: 127.0.0.1, port_value: 0}}, filter_chains: [{filters: [{name: http, typed_config: {"@type": \
    type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: %1$s, \
    access_log: [{name: file, typed_config: {"@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: /dev/stdout, \
    log_format: {json_format: {path: "%%REQ(:PATH)%%", details: "%%RESPONSE_CODE_DETAILS%%", metadata: "%%DYNAMIC_METADATA(envoy.filters.http.jwt_authn)%%"}}}}], \
    http_filters: [%3$s{name: jwt, typed_config: {"@type": type.googleapis.com/%5$sJwtAuthentication, %2$s}}, \
    {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}], \
    route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [\
    %4$s, {match: {prefix: /}, route: {cluster: echo}}]}]}}}]}]}\
    """
        .formatted(
            name,
            tokens,
            before,
            String.join(
                ", ",
                route("/route-named", "requirement_name: by-name"),
                route("/route-off", "disabled: true"),
                route("/route-wrong", "requirement_name: nosuch")),
            KIND);
  }

  private static String route(String prefix, String says) {
    return "{match: {prefix: %s}, route: {cluster: echo}, typed_per_filter_config: {jwt: {\"@type\": type.googleapis.com/%sPerRouteConfig, %s}}}"
        .formatted(prefix, KIND, says);
  }
}
