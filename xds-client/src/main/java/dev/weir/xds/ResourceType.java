package dev.weir.xds;

import com.google.protobuf.Message;
import java.util.function.Function;

/// One kind of resource: what it is called on the wire, how it is named, and what it becomes.
///
/// @param typeUrl `type.googleapis.com/` and the message's full name
/// @param wireClass the generated class
/// @param nameOf the resource's name, which is what subscriptions ask for
/// @param decoder makes config of the message
public record ResourceType<M extends Message, T>(
    String typeUrl, Class<M> wireClass, Function<M, String> nameOf, Decoder<M, T> decoder) {

  /// Wire → config. A pure function: called on any thread, for several resources at once, and not
  /// again for bytes that have not changed.
  @FunctionalInterface
  public interface Decoder<M, T> {
    /// Checks the message and makes config of it.
    ///
    /// @throws InvalidResourceException if it cannot be put into force
    T decode(M message) throws InvalidResourceException;
  }
}
