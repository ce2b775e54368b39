package dev.weir.config;

import dev.weir.proto.Violation;
import dev.weir.xds.InvalidResourceException;
import java.util.ArrayList;
import java.util.List;

/// A configuration together with what there is to say about it: deprecated fields, and settings
/// that are accepted without doing all that they say.
///
/// Two of them are equal if they configure the same, whatever was said.
///
/// @param warnings each as `path: text`, for the log and for `/config_dump`
public record Checked<T>(T value, List<String> warnings) {
  public Checked {
    warnings = List.copyOf(warnings);
  }

  /// Makes a configuration out of something below a root, with all problems that were found.
  interface Decoding<T> {
    /// Reads all of it.
    ///
    /// @throws InvalidResourceException if there is no going on
    T decode(Field root) throws InvalidResourceException;
  }

  /// Runs a decoder to its end.
  ///
  /// @param root what the paths begin with; may be empty
  /// @throws InvalidResourceException with every problem that was noted or thrown
  static <T> Checked<T> decode(String root, Decoding<T> decoding) throws InvalidResourceException {
    var at = Field.root(root);
    T value;
    try {
      value = decoding.decode(at);
    } catch (InvalidResourceException e) {
      var all = new ArrayList<Violation>(at.problems());
      all.addAll(e.violations());
      throw new InvalidResourceException(all);
    }
    if (!at.problems().isEmpty()) {
      throw new InvalidResourceException(at.problems());
    }
    return new Checked<>(value, at.warnings());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Checked<?> checked && checked.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }
}
