package dev.weir.admin;

import java.util.Map;
import java.util.TreeMap;

/// A field mask, `a.b,c`, as a tree: which parts of a message to keep. A name with nothing below it
/// keeps all of that field.
///
/// @param below by field name
record FieldPaths(Map<String, FieldPaths> below) {

  static FieldPaths of(String mask) {
    var root = new FieldPaths(new TreeMap<>());
    for (var path : mask.split(",", -1)) {
      var at = root;
      for (var name : path.strip().split("\\.", -1)) {
        at = at.below.computeIfAbsent(name, _ -> new FieldPaths(new TreeMap<>()));
      }
    }
    return root;
  }

  /// Whether everything is kept.
  boolean isWhole() {
    return below.isEmpty();
  }
}
