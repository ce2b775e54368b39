package dev.weir.proto;

import com.google.protobuf.Message;
import java.io.IOException;

/// A first look at a message, by which most are found to be in order.
///
/// It looks over the bytes, at the fields that are there, by tables that are made once for each
/// type, where the checks themselves ask the message for every field that its type has, and each of
/// them anew. A push of ten thousand clusters is made of messages about which there is nothing to
/// say. Any thread may call.
public final class Screening {
  private Screening() {}

  /// Whether [Constraints], [UnknownFields] and [DeprecatedFields] have nothing to say about the
  /// message and all inside it.
  ///
  /// @return false also where this cannot be told at first sight
  public static boolean passes(Message message) {
    try {
      return TypeScreen.of(message.getDescriptorForType())
          .passes(message.toByteString().newCodedInput(), 0);
    } catch (IOException _) {
      return false; // what is inside some `Any` is no message of its type
    }
  }
}
