package dev.weir.xds;

import com.google.protobuf.Any;
import org.jspecify.annotations.Nullable;

/// A resource that cannot be put into force. What was in force before stays.
///
/// @param name the resource; empty where not even that could be read
/// @param reason what is wrong, for people to read; goes into the NACK
/// @param wire what the control plane sent; null where a sink has rejected, as the cache knows it
/// @param wellFormed whether it could be read and breaks no rule of its message, so that it is what
///   it asks for that is wrong
public record Rejected(String name, String reason, @Nullable Any wire, boolean wellFormed) {
  /// For sinks: what is wrong with a resource of the update.
  public Rejected(String name, String reason) {
    this(name, reason, null, true);
  }

  /// Something that could not be read.
  static Rejected unreadable(String name, String reason, @Nullable Any wire) {
    return new Rejected(name, reason, wire, false);
  }
}
