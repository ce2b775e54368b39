package dev.weir.config;

import dev.weir.proto.Violation;
import dev.weir.xds.InvalidResourceException;
import java.util.ArrayList;
import java.util.List;

/// A place in a message: its path, and the ways to fail there.
///
/// A decoder gets one for the message it reads, and makes one for each message below, so that an
/// error says `filter_chains[0].filters[1].typed_config.max_connect_attempts: must be at least 1`.
/// All places below one root share the lists of problems and warnings. A problem that is noted
/// ([#check]) lets the decoder go on and find further ones; the decoding fails at its end. Not
/// thread-safe: one decoding, one thread.
public final class Field {
  private final String path;
  private final List<Violation> problems;
  private final List<String> warnings;

  private Field(String path, List<Violation> problems, List<String> warnings) {
    this.path = path;
    this.problems = problems;
    this.warnings = warnings;
  }

  /// The message itself; its fields' paths start with the given text, which may be empty.
  public static Field root(String path) {
    return new Field(path, new ArrayList<>(), new ArrayList<>());
  }

  /// A field of this message.
  public Field at(String name) {
    return new Field(path.isEmpty() ? name : path + "." + name, problems, warnings);
  }

  /// An element of a repeated field of this message.
  public Field at(String name, int index) {
    return at(name + "[" + index + "]");
  }

  /// An entry of a map of this message.
  public Field at(String name, String key) {
    var quoted = key.replace("\\", "\\\\").replace("\"", "\\\"");
    return at(name + "[\"" + quoted + "\"]");
  }

  /// The path in proto field names, empty for an unnamed root.
  public String path() {
    return path;
  }

  /// An error here that leaves nothing to go on with.
  public InvalidResourceException invalid(String reason) {
    return new InvalidResourceException(List.of(new Violation(path, reason)));
  }

  /// Fails here unless the condition holds.
  public void require(boolean condition, String reason) throws InvalidResourceException {
    if (!condition) {
      throw invalid(reason);
    }
  }

  /// Notes a problem here unless the condition holds; the decoding goes on and fails at its end.
  public void check(boolean condition, String reason) {
    if (!condition) {
      problems.add(new Violation(path, reason));
    }
  }

  /// Notes problems that were found elsewhere.
  public void note(List<Violation> found) {
    problems.addAll(found);
  }

  /// Refuses a field that is set and that we cannot honour.
  public void unsupported(boolean present, String name) {
    at(name).check(!present, "not supported");
  }

  /// Says of a field that is set that it changes nothing.
  public void withoutEffect(boolean present, String name) {
    if (present) {
      at(name).warn("has no effect");
    }
  }

  /// Makes one value out of one element of a repeated field.
  @FunctionalInterface
  public interface ElementDecoder<M, T> {
    /// Reads one element.
    ///
    /// @throws InvalidResourceException if there is no going on with this element
    T decode(M element, Field at) throws InvalidResourceException;
  }

  /// Makes one value out of one element of a repeated field, whose place in it matters.
  @FunctionalInterface
  public interface IndexedDecoder<M, T> {
    /// Reads one element.
    ///
    /// @throws InvalidResourceException if there is no going on with this element
    T decode(int index, M element, Field at) throws InvalidResourceException;
  }

  /// Decodes every element of a repeated field of this message. An element that fails is left out
  /// and noted, so that the others are looked at too.
  public <M, T> List<T> each(String name, List<M> elements, ElementDecoder<M, T> decoder) {
    return eachIndexed(name, elements, (_, element, at) -> decoder.decode(element, at));
  }

  /// As [#each], for a decoder that wants to know the place.
  public <M, T> List<T> eachIndexed(String name, List<M> elements, IndexedDecoder<M, T> decoder) {
    var decoded = new ArrayList<T>(elements.size());
    for (int i = 0; i < elements.size(); i++) {
      try {
        decoded.add(decoder.decode(i, elements.get(i), at(name, i)));
      } catch (InvalidResourceException e) {
        note(e.violations());
      }
    }
    return List.copyOf(decoded);
  }

  /// Notes something that is accepted without doing all that it says.
  public void warn(String text) {
    warnings.add(path.isEmpty() ? text : path + ": " + text);
  }

  /// What was noted so far below the same root, in order.
  public List<Violation> problems() {
    return List.copyOf(problems);
  }

  /// What was warned of so far below the same root, in order.
  public List<String> warnings() {
    return List.copyOf(warnings);
  }
}
