package dev.weir.proto;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;

/// Fields that are newer than the API jar.
///
/// To the jar's classes they are unknown fields. For each message that has some, `src/main/proto`
/// holds a companion with the same field numbers (`dev.weir.proto.newer.NewerCluster` for a
/// cluster), with which they are read, printed and checked as if they were fields of the message
/// itself.
public final class NewerFields {
  private NewerFields() {}

  /// The newer fields of a message.
  ///
  /// @param owner the message that may have them
  /// @param companion any message of the companion type
  /// @return the companion; its default where none of its fields is set or their bytes are
  ///   unreadable
  public static <C extends Message> C of(Message owner, C companion) {
    try {
      @SuppressWarnings("unchecked") // the parser came from C
      var read =
          (C) companion.getParserForType().parseFrom(owner.getUnknownFields().toByteString());
      return read;
    } catch (InvalidProtocolBufferException _) {
      @SuppressWarnings("unchecked") // as above
      var none = (C) companion.getDefaultInstanceForType();
      return none;
    }
  }
}
