package dev.weir.config;

import java.util.Arrays;

/// Bytes that are equal to others with the same content. Immutable; never printed, since they may
/// be secret.
public final class Bytes {
  /// None.
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] content;

  /// @param content copied
  public Bytes(byte[] content) {
    this.content = content.clone();
  }

  /// A copy of the content.
  public byte[] toArray() {
    return content.clone();
  }

  /// Whether there are none.
  public boolean isEmpty() {
    return content.length == 0;
  }

  /// How many there are.
  public int length() {
    return content.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(content, that.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return "[" + content.length + " bytes]";
  }
}
