package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.WireException;
import dev.weir.proto.WireFormat;
import dev.weir.proto.WireText;
import dev.weir.xds.InvalidResourceException;
import java.util.List;

/// Messages from YAML, and what becomes of them.
final class Wire {
  private Wire() {}

  /// A decoder of resources.
  interface Decoder<M, T> {
    Checked<T> decode(M wire, String path) throws InvalidResourceException;
  }

  static <M extends Message> M parse(String yaml, M prototype) {
    try {
      return WireText.parse(yaml, WireFormat.YAML, prototype, OnUnknown.REJECT).message();
    } catch (WireException e) {
      throw new AssertionError("the test's own message is wrong: " + e.getMessage(), e);
    }
  }

  /// What the message becomes.
  static <M extends Message, T> Checked<T> decode(String yaml, M prototype, Decoder<M, T> decoder) {
    try {
      return decoder.decode(parse(yaml, prototype), "");
    } catch (InvalidResourceException e) {
      throw new AssertionError("refused: " + e.problems(), e);
    }
  }

  /// What is said against the message; nothing if it is accepted.
  static <M extends Message, T> List<String> problems(
      String yaml, M prototype, Decoder<M, T> decoder) {
    try {
      decoder.decode(parse(yaml, prototype), "");
      return List.of();
    } catch (InvalidResourceException e) {
      return e.problems();
    }
  }

  /// Asserts the verdict that a table expects.
  ///
  /// @param expected `ok`, or what one of the problems begins with
  static void assertVerdict(String expected, List<String> problems) {
    if (expected.equals("ok")) {
      assertTrue(problems.isEmpty(), problems::toString);
    } else {
      assertTrue(
          problems.stream().anyMatch(problem -> problem.startsWith(expected)),
          () -> "expected " + expected + " and got " + problems);
    }
  }
}
