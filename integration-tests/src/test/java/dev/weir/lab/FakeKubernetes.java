package dev.weir.lab;

import static dev.weir.lab.KubeObjects.metadata;
import static dev.weir.lab.KubeObjects.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// As much of a Kubernetes API server as istiod talks to: it lists, watches, gets and writes
/// objects of any kind, believes every token, and allows everything. Plain HTTP and JSON. Clients
/// have to list before they watch (`KUBE_FEATURE_WatchListClient=false`).
final class FakeKubernetes implements AutoCloseable {
  private static final long WATCH_MILLIS = 500;

  /// Kinds that istiod looks for before it serves them.
  private static final Map<String, List<String>> CUSTOM_KINDS =
      Map.of(
          "networking.istio.io",
          List.of(
              "Gateway",
              "VirtualService",
              "DestinationRule",
              "ServiceEntry",
              "Sidecar",
              "EnvoyFilter",
              "WorkloadEntry",
              "WorkloadGroup",
              "ProxyConfig"),
          "security.istio.io",
          List.of("AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication"),
          "telemetry.istio.io",
          List.of("Telemetry"),
          "extensions.istio.io",
          List.of("WasmPlugin"));

  private final KubeObjects objects = new KubeObjects();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean closed;

  private FakeKubernetes(HttpServer server) {
    this.server = server;
  }

  static FakeKubernetes start(InetSocketAddress address) throws IOException {
    var kubernetes = new FakeKubernetes(HttpServer.create(address, 0));
    CUSTOM_KINDS.forEach((group, kinds) -> kinds.forEach(kind -> kubernetes.define(group, kind)));
    kubernetes.server.setExecutor(kubernetes.threads);
    kubernetes.server.createContext("/", kubernetes::handle);
    kubernetes.server.start();
    return kubernetes;
  }

  private void define(String group, String kind) {
    var definition =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: %2$s.%1$s }
        spec: { group: %1$s, names: { kind: %3$s, plural: %2$s } }
        """
            .formatted(group, KubeObjects.plural(kind), kind);
    apply("", definition);
  }

  /// What `kubectl apply -n namespace` does.
  void apply(String namespace, String yaml) {
    for (var object : KubeObjects.read(namespace, yaml)) {
      objects.put(KubeObjects.resource(object), object);
    }
  }

  /// What `kubectl delete -n namespace` does.
  void delete(String namespace, String yaml) {
    for (var object : KubeObjects.read(namespace, yaml)) {
      var data = metadata(object);
      objects.remove(KubeObjects.resource(object), text(data, "namespace"), text(data, "name"));
    }
  }

  /// An object; null if there is none.
  @Nullable JsonObject find(String resource, String namespace, String name) {
    return objects.find(resource, namespace, name);
  }

  /// By which clients find it.
  String kubeconfig() {
    return """
    apiVersion: v1
    kind: Config
    current-context: fake
    clusters: [{ name: fake, cluster: { server: "http://%s:%d" } }]
    users: [{ name: fake, user: {} }]
    contexts: [{ name: fake, context: { cluster: fake, user: fake } }]
    """
        .formatted(
            server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort());
  }

  /// A request's path, taken apart.
  ///
  /// @param version group and version, as `apiVersion` has them
  /// @param name empty for the collection
  private record Target(String resource, String version, String namespace, String name) {
    static @Nullable Target of(String path) {
      var parts = List.of(path.replaceAll("^/|/$", "").split("/", -1));
      boolean core = parts.getFirst().equals("api");
      int from = core ? 2 : 3;
      if (parts.size() <= from || !(core || parts.getFirst().equals("apis"))) {
        return null;
      }
      var group = core ? "" : parts.get(1);
      var version = core ? parts.get(1) : group + "/" + parts.get(2);
      boolean scoped = parts.get(from).equals("namespaces") && parts.size() > from + 2;
      var namespace = scoped ? parts.get(from + 1) : "";
      int at = scoped ? from + 2 : from;
      var name = parts.size() > at + 1 ? parts.get(at + 1) : "";
      return new Target(group + "/" + parts.get(at), version, namespace, name);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var target = Target.of(path);
      if (target == null) {
        answer(exchange, 200, root(path));
        return;
      }
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      switch (exchange.getRequestMethod()) {
        case "GET" -> get(exchange, target);
        case "POST", "PUT" -> write(exchange, target, JsonParser.parseString(body));
        case "DELETE" -> {
          var gone = objects.remove(target.resource, target.namespace, target.name);
          found(exchange, target, gone);
        }
        default -> failure(exchange, 405, "MethodNotAllowed", exchange.getRequestMethod());
      }
    }
  }

  private static JsonObject root(String path) {
    var root = new JsonObject();
    switch (path) {
      case "/version" -> {
        root.addProperty("major", "1");
        root.addProperty("minor", "35");
        root.addProperty("gitVersion", "v1.35.0");
      }
      case "/api" -> {
        root.addProperty("kind", "APIVersions");
        var versions = new JsonArray();
        versions.add("v1");
        root.add("versions", versions);
      }
      default -> {
        root.addProperty("kind", "APIGroupList");
        root.addProperty("apiVersion", "v1");
        root.add("groups", new JsonArray());
      }
    }
    return root;
  }

  private void get(HttpExchange exchange, Target target) throws IOException {
    if (!target.name.isEmpty()) {
      found(exchange, target, objects.find(target.resource, target.namespace, target.name));
      return;
    }
    var query = query(exchange.getRequestURI().getRawQuery());
    var selector =
        new KubeSelector(
            target.namespace,
            query.getOrDefault("labelSelector", ""),
            query.getOrDefault("fieldSelector", ""));
    if (query.getOrDefault("watch", "").matches("true|1")) {
      watch(exchange, target, query, selector);
      return;
    }
    var listing = objects.list(target.resource, selector);
    var list = new JsonObject();
    if (isPartial(exchange)) {
      list.addProperty("kind", "PartialObjectMetadataList");
      list.addProperty("apiVersion", "meta.k8s.io/v1");
    } // other lists are what the client takes them for
    metadata(list).addProperty("resourceVersion", Long.toString(listing.version()));
    var items = new JsonArray();
    listing.objects().forEach(object -> items.add(view(object, exchange, target)));
    list.add("items", items);
    answer(exchange, 200, list);
  }

  private static Map<String, String> query(@Nullable String raw) {
    var query = new HashMap<String, String>();
    for (var part : raw == null ? new String[0] : raw.split("&", -1)) {
      int at = part.indexOf('=');
      if (at > 0) {
        var value = URLDecoder.decode(part.substring(at + 1), StandardCharsets.UTF_8);
        query.put(part.substring(0, at), value);
      }
    }
    return query;
  }

  /// Tells of what happens to the objects after a version.
  private void watch(
      HttpExchange exchange, Target target, Map<String, String> query, KubeSelector selector)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().flush();
    long seen = Long.parseLong(query.getOrDefault("resourceVersion", "0"));
    try {
      while (!closed) {
        for (var event : objects.after(seen, target.resource, WATCH_MILLIS)) {
          seen = event.version();
          if (selector.matches(event.object())) {
            tell(exchange, event.type(), view(event.object(), exchange, target));
          }
        }
        exchange.getResponseBody().flush();
      }
    } catch (InterruptedException _) {
      // The server ends.
    }
  }

  private static void tell(HttpExchange exchange, String type, JsonObject object)
      throws IOException {
    var event = new JsonObject();
    event.addProperty("type", type);
    event.add("object", object);
    exchange.getResponseBody().write((event + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void write(HttpExchange exchange, Target target, JsonElement body) throws IOException {
    var object = body.getAsJsonObject();
    boolean post = exchange.getRequestMethod().equals("POST");
    switch (target.resource) {
      case "authentication.k8s.io/tokenreviews" -> object.add("status", identify(object));
      case "authorization.k8s.io/subjectaccessreviews" -> {
        var status = new JsonObject();
        status.addProperty("allowed", true);
        object.add("status", status);
      }
      default -> {
        if (!target.namespace.isEmpty()) {
          metadata(object).addProperty("namespace", target.namespace);
        }
        var name = text(metadata(object), "name");
        boolean there = objects.find(target.resource, target.namespace, name) != null;
        if (post == there) {
          failure(exchange, there ? 409 : 404, there ? "AlreadyExists" : "NotFound", name);
          return;
        }
        object = objects.put(target.resource, object);
      }
    }
    answer(exchange, post ? 201 : 200, object);
  }

  /// Whoever a token says that he is, he is.
  private static JsonObject identify(JsonObject review) {
    var status = new JsonObject();
    var parts = text(review.get("spec"), "token").split("\\.", -1);
    status.addProperty("authenticated", parts.length == 3);
    if (parts.length == 3) {
      var claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
      var user = new JsonObject();
      user.addProperty("username", text(JsonParser.parseString(claims), "sub"));
      var groups = new JsonArray();
      groups.add("system:serviceaccounts");
      user.add("groups", groups);
      status.add("user", user);
      status.add("audiences", review.getAsJsonObject("spec").get("audiences"));
    }
    return status;
  }

  private static boolean isPartial(HttpExchange exchange) {
    var accept = exchange.getRequestHeaders().getFirst("Accept");
    return accept != null && accept.contains("as=PartialObjectMetadata");
  }

  /// An object in the version, and the fullness, that somebody asks for.
  private static JsonObject view(JsonObject object, HttpExchange exchange, Target target) {
    var view = new JsonObject();
    boolean partial = isPartial(exchange);
    object
        .asMap()
        .forEach((name, value) -> {
          if (!partial || name.equals("metadata")) {
            view.add(name, value);
          }
        });
    if (partial) {
      view.addProperty("kind", "PartialObjectMetadata");
    }
    view.addProperty("apiVersion", partial ? "meta.k8s.io/v1" : target.version);
    return view;
  }

  private static void found(HttpExchange exchange, Target target, @Nullable JsonObject object)
      throws IOException {
    if (object == null) {
      failure(exchange, 404, "NotFound", target.resource + " " + target.name + " not found");
    } else {
      answer(exchange, 200, view(object, exchange, target));
    }
  }

  private static void failure(HttpExchange exchange, int code, String reason, String message)
      throws IOException {
    var status = new JsonObject();
    status.addProperty("kind", "Status");
    status.addProperty("apiVersion", "v1");
    status.addProperty("status", "Failure");
    status.addProperty("code", code);
    status.addProperty("reason", reason);
    status.addProperty("message", message);
    answer(exchange, code, status);
  }

  private static void answer(HttpExchange exchange, int code, JsonObject object)
      throws IOException {
    var bytes = object.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    closed = true;
    server.stop(0);
    threads.shutdownNow();
  }
}
