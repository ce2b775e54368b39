package dev.weir.lab;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The objects of a Kubernetes API, and all that has happened to them. Any thread.
final class KubeObjects {
  private static final Gson GSON = new Gson();

  /// Kinds that live in no namespace.
  private static final List<String> CLUSTER_WIDE =
      List.of("Namespace", "Node", "CustomResourceDefinition");

  private final Map<String, TreeMap<String, JsonObject>> objects = new HashMap<>();
  private final List<Event> events = new ArrayList<>();
  private long version;

  /// @param resource such as `networking.istio.io/gateways`; `/pods` of the core
  record Event(long version, String type, String resource, JsonObject object) {}

  /// What a list or a watch begins with.
  record Listing(List<JsonObject> objects, long version) {}

  /// The objects of a file, as `kubectl` reads them.
  ///
  /// @param namespace of those that name none
  static List<JsonObject> read(String namespace, String yaml) {
    var result = new ArrayList<JsonObject>();
    for (var document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      if (GSON.toJsonTree(document) instanceof JsonObject object) {
        var metadata = metadata(object);
        if (!CLUSTER_WIDE.contains(text(object, "kind")) && !metadata.has("namespace")) {
          metadata.addProperty("namespace", namespace);
        }
        encode(object);
        result.add(object);
      }
    }
    return result;
  }

  /// A Secret's plain texts become what the API serves.
  private static void encode(JsonObject object) {
    if (object.remove("stringData") instanceof JsonObject plain) {
      var data = new JsonObject();
      plain.asMap().forEach((key, value) -> data.addProperty(key, base64(value.getAsString())));
      object.add("data", data);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The collection that an object belongs to.
  static String resource(JsonObject object) {
    var api = text(object, "apiVersion");
    int slash = api.indexOf('/');
    return (slash < 0 ? "" : api.substring(0, slash)) + "/" + plural(text(object, "kind"));
  }

  /// Of a kind's name.
  static String plural(String kind) {
    var word = kind.toLowerCase(Locale.ROOT);
    if (word.equals("endpoints")) {
      return word;
    }
    if (word.endsWith("y") && !word.endsWith("ay")) {
      return word.substring(0, word.length() - 1) + "ies";
    }
    return word + (word.endsWith("s") || word.endsWith("x") ? "es" : "s");
  }

  static JsonObject metadata(JsonObject object) {
    if (!(object.get("metadata") instanceof JsonObject metadata)) {
      var made = new JsonObject();
      object.add("metadata", made);
      return made;
    }
    return metadata;
  }

  /// A text member; empty if there is none.
  static String text(@Nullable JsonElement object, String member) {
    return object instanceof JsonObject it && it.get(member) instanceof JsonPrimitive value
        ? value.getAsString()
        : "";
  }

  private static String key(JsonObject object) {
    return text(metadata(object), "namespace") + "/" + text(metadata(object), "name");
  }

  /// Adds an object, or replaces it.
  synchronized JsonObject put(String resource, JsonObject given) {
    var object = given.deepCopy();
    var metadata = metadata(object);
    var all = objects.computeIfAbsent(resource, _ -> new TreeMap<>());
    var former = all.get(key(object));
    version++;
    if (former == null) {
      metadata.addProperty("uid", "00000000-0000-4000-8000-%012d".formatted(version));
      var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      metadata.addProperty("creationTimestamp", now.toString());
      metadata.addProperty("generation", 1);
    } else {
      var before = metadata(former);
      metadata.add("uid", before.get("uid"));
      metadata.add("creationTimestamp", before.get("creationTimestamp"));
      metadata.addProperty("generation", before.get("generation").getAsLong() + 1);
    }
    metadata.addProperty("resourceVersion", Long.toString(version));
    all.put(key(object), object);
    happened(former == null ? "ADDED" : "MODIFIED", resource, object);
    return object;
  }

  /// Takes an object away.
  ///
  /// @return null if there was none
  synchronized @Nullable JsonObject remove(String resource, String namespace, String name) {
    var former = objects.getOrDefault(resource, new TreeMap<>()).remove(namespace + "/" + name);
    if (former == null) {
      return null;
    }
    version++;
    var last = former.deepCopy();
    metadata(last).addProperty("resourceVersion", Long.toString(version));
    happened("DELETED", resource, last);
    return last;
  }

  private void happened(String type, String resource, JsonObject object) {
    events.add(new Event(version, type, resource, object));
    notifyAll();
  }

  synchronized @Nullable JsonObject find(String resource, String namespace, String name) {
    return objects.getOrDefault(resource, new TreeMap<>()).get(namespace + "/" + name);
  }

  synchronized Listing list(String resource, KubeSelector selector) {
    var all = objects.getOrDefault(resource, new TreeMap<>()).values();
    return new Listing(all.stream().filter(selector::matches).toList(), version);
  }

  /// Waits for what happens to a collection after a version.
  ///
  /// @return all of it, in order; empty if nothing has happened for a while
  synchronized List<Event> after(long seen, String resource, long millis)
      throws InterruptedException {
    var end = System.nanoTime() + millis * 1_000_000;
    while (true) {
      var news =
          events.stream()
              .filter(event -> event.version > seen && event.resource.equals(resource))
              .toList();
      long left = (end - System.nanoTime()) / 1_000_000;
      if (!news.isEmpty() || left <= 0) {
        return news;
      }
      wait(left);
    }
  }
}
