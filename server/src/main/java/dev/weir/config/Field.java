package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import java.util.ArrayList;
import java.util.List;

/// A place in a message: its path, and the ways to fail there.
///
/// A decoder gets one for the message it reads, and makes one for each message below, so that an
/// error says `filter_chains[0].filters[1].typed_config.max_connect_attempts: must be at least 1`.
/// All places below one root share the list of warnings. Not thread-safe: one decoding, one thread.
public final class Field {
  private final String path;
  private final List<String> warnings;

  private Field(String path, List<String> warnings) {
    this.path = path;
    this.warnings = warnings;
  }

  /// The message itself; its fields' paths start with the given text, which may be empty.
  public static Field root(String path) {
    return new Field(path, new ArrayList<>());
  }

  /// A field of this message.
  public Field at(String name) {
    return new Field(path.isEmpty() ? name : path + "." + name, warnings);
  }

  /// An element of a repeated field of this message.
  public Field at(String name, int index) {
    return at(name + "[" + index + "]");
  }

  /// The path in proto field names, empty for an unnamed root.
  public String path() {
    return path;
  }

  /// An error here.
  public InvalidResourceException invalid(String reason) {
    return new InvalidResourceException(path.isEmpty() ? reason : path + ": " + reason);
  }

  /// Fails here unless the condition holds.
  public void require(boolean condition, String reason) throws InvalidResourceException {
    if (!condition) {
      throw invalid(reason);
    }
  }

  /// Refuses a field that is set and that we cannot honour.
  public void unsupported(boolean present, String name) throws InvalidResourceException {
    if (present) {
      throw at(name).invalid("not supported");
    }
  }

  /// Notes something that is accepted without doing all that it says.
  public void warn(String text) {
    warnings.add(path.isEmpty() ? text : path + ": " + text);
  }

  /// What was noted so far below the same root, in order.
  public List<String> warnings() {
    return List.copyOf(warnings);
  }
}
