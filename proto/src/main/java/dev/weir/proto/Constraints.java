package dev.weir.proto;

import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;

/// Checks a message, and all inside it, against the rules that its `.proto` files declare
/// (`validate.rules`, protoc-gen-validate).
///
/// The rules of a type are worked out from its descriptor once. Any thread may call.
public final class Constraints {
  private static final MessageWalk WALK =
      new MessageWalk(
          type -> type.equals(Duration.getDescriptor()) || !TypeRules.of(type).isEmpty(),
          field -> !FieldRule.skips(field) && !TypeRules.isExempt(field.getMessageType()));

  private Constraints() {}

  /// Every broken rule, in the order of the fields; empty if the message is valid.
  ///
  /// Also that no duration is negative: none of them may be, though few rules say so. The reference
  /// proxy refuses such a one when it comes to use it.
  ///
  /// @param rootPath what the paths begin with, such as a resource's name; may be empty
  public static List<Violation> check(Message message, String rootPath) {
    var broken = new ArrayList<Violation>();
    WALK.walk(message, new FieldPath(rootPath), (inner, path) -> visit(inner, path, broken));
    return List.copyOf(broken);
  }

  private static void visit(Message message, FieldPath path, List<Violation> broken) {
    if (message instanceof Duration duration) {
      checkDuration(duration, path, broken);
    } else {
      TypeRules.of(message.getDescriptorForType()).check(message, path, broken);
    }
  }

  private static void checkDuration(Duration duration, FieldPath path, List<Violation> broken) {
    if (TimeText.isPositiveOrZero(duration)) {
      return;
    }
    var where = path.toString();
    if (broken.stream().noneMatch(other -> other.path().equals(where))) {
      broken.add(
          new Violation(where, "must be a duration ≥ 0s (got " + TimeText.text(duration) + ")"));
    }
  }
}
