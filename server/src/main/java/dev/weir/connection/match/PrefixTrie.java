package dev.weir.connection.match;

import dev.weir.config.CidrRange;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds the longest address range that an address lies in. Immutable.
public final class PrefixTrie<T> {
  private final Node<T> ipv4 = new Node<>();
  private final Node<T> ipv6 = new Node<>();

  private static final class Node<T> {
    @Nullable Node<T> zero;
    @Nullable Node<T> one;
    @Nullable T value;

    @Nullable Node<T> child(boolean bit) {
      return bit ? one : zero;
    }

    Node<T> childOrNew(boolean bit) {
      var present = child(bit);
      if (present != null) {
        return present;
      }
      var fresh = new Node<T>();
      if (bit) {
        one = fresh;
      } else {
        zero = fresh;
      }
      return fresh;
    }
  }

  /// A trie of these ranges.
  public PrefixTrie(Map<CidrRange, T> ranges) {
    ranges.forEach(this::insert);
  }

  private void insert(CidrRange range, T value) {
    var node = root(range.network());
    byte[] bits = range.network().getAddress();
    for (int i = 0; i < range.prefixLength(); i++) {
      node = node.childOrNew(bit(bits, i));
    }
    node.value = value;
  }

  private Node<T> root(InetAddress address) {
    return address instanceof Inet4Address ? ipv4 : ipv6;
  }

  private static boolean bit(byte[] bits, int i) {
    return (bits[i >> 3] & (0x80 >> (i & 7))) != 0;
  }

  /// The value of the longest range; null if the address lies in none.
  public @Nullable T find(InetAddress address) {
    byte[] bits = address.getAddress();
    Node<T> node = root(address);
    T found = node.value;
    for (int i = 0; i < bits.length * 8; i++) {
      node = node.child(bit(bits, i));
      if (node == null) {
        return found;
      }
      if (node.value != null) {
        found = node.value;
      }
    }
    return found;
  }
}
