package dev.weir.proto;

import com.google.protobuf.Message;

/// Reads messages for tests.
final class Read {
  private Read() {}

  static <M extends Message> M yaml(String text, M prototype) throws WireException {
    return WireText.parse(text, WireFormat.YAML, prototype, OnUnknown.REJECT).message();
  }

  static <M extends Message> M json(String text, M prototype) throws WireException {
    return WireText.parse(text, WireFormat.JSON, prototype, OnUnknown.REJECT).message();
  }

  /// For texts that are known to be right.
  static <M extends Message> M valid(String yaml, M prototype) {
    try {
      return yaml(yaml, prototype);
    } catch (WireException e) {
      throw new AssertionError(e);
    }
  }
}
