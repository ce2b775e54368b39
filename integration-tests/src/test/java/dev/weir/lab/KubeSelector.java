package dev.weir.lab;

import static dev.weir.lab.KubeObjects.metadata;
import static dev.weir.lab.KubeObjects.text;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.regex.Pattern;

/// Which objects of a collection somebody wants.
///
/// @param namespace empty for all
/// @param labels as in `labelSelector`
/// @param fields as in `fieldSelector`: names, namespaces and types
record KubeSelector(String namespace, String labels, String fields) {
  private static final Pattern AMONG = Pattern.compile("(\\S+)\\s+(in|notin)\\s+\\((.*)\\)");
  private static final Pattern BETWEEN = Pattern.compile(",(?![^(]*\\))");

  boolean matches(JsonObject object) {
    return (namespace.isEmpty() || namespace.equals(text(metadata(object), "namespace")))
        && parts(fields).allMatch(field -> hasField(field, object))
        && parts(labels).allMatch(label -> hasLabel(label, object));
  }

  private static java.util.stream.Stream<String> parts(String selector) {
    return BETWEEN.splitAsStream(selector).map(String::strip).filter(part -> !part.isEmpty());
  }

  private static boolean hasField(String field, JsonObject object) {
    int at = field.indexOf('=');
    boolean not = field.charAt(at - 1) == '!';
    var path = field.substring(0, not ? at - 1 : at);
    var value =
        path.startsWith("metadata.")
            ? text(metadata(object), path.substring("metadata.".length()))
            : text(object, path);
    return not != value.equals(field.substring(at + 1));
  }

  private static boolean hasLabel(String wish, JsonObject object) {
    var labels = metadata(object).get("labels");
    var among = AMONG.matcher(wish);
    if (among.matches()) {
      var values = List.of(among.group(3).split("\\s*,\\s*", -1));
      return among.group(2).equals("in") == values.contains(text(labels, among.group(1)));
    }
    int at = wish.indexOf('=');
    if (at < 0) {
      boolean not = wish.startsWith("!");
      return not == text(labels, not ? wish.substring(1) : wish).isEmpty();
    }
    boolean not = wish.charAt(at - 1) == '!';
    var value = wish.substring(at + 1).replaceFirst("^=", "");
    return not != text(labels, wish.substring(0, not ? at - 1 : at)).equals(value);
  }
}
