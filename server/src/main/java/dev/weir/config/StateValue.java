package dev.weir.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A filter state object: what one filter leaves on a connection for those behind it. Immutable.
public sealed interface StateValue {

  /// What `%FILTER_STATE(key:PLAIN)%` prints; null for an object without a text.
  @Nullable String text();

  /// What a `filter_state` hash policy hashes; null for an object that has no hash.
  default @Nullable String hashed() {
    return null;
  }

  /// Text: of a name, a cluster, a host.
  ///
  /// @param typed whether the object has a typed form too, which is the text in quotes
  record Text(String text, boolean typed) implements StateValue {}

  /// Text that a hash policy may hash.
  record Hashable(String text) implements StateValue {
    @Override
    public String hashed() {
      return text;
    }
  }

  /// A truth value.
  record Flag(boolean value) implements StateValue {
    @Override
    public String text() {
      return Boolean.toString(value);
    }
  }

  /// A number without a sign.
  ///
  /// @param wide whether it has 64 bits, which its typed form puts into quotes
  record Number(long value, boolean wide) implements StateValue {
    @Override
    public String text() {
      return Long.toUnsignedString(value);
    }
  }

  /// A list of names, given as one text with commas.
  ///
  /// @param text null where the list is not to be printed
  record Names(List<String> names, @Nullable String text) implements StateValue {
    /// The names between the commas, without the spaces around them.
    static List<String> split(String text) {
      return List.of(text.split(",", -1)).stream()
          .map(String::strip)
          .filter(name -> !name.isEmpty())
          .toList();
    }
  }

  /// An IP address with a port.
  ///
  /// @param fields whether `ip` and `port` can be asked for by themselves
  record Ip(Address.Socket address, boolean fields) implements StateValue {
    @Override
    public String text() {
      return address.toString();
    }

    @Override
    public String hashed() {
      return text();
    }
  }

  /// The type-length-value fields that came with a client's PROXY header, in their order.
  record Tlvs(List<Tlv> tlvs) implements StateValue {
    @Override
    public @Nullable String text() {
      return null;
    }
  }

  /// Text values by name, such as those of a PROXY header's fields that a rule names.
  record Values(Map<String, MetadataValue> values) implements StateValue {
    @Override
    public @Nullable String text() {
      return null;
    }
  }

  /// One such field.
  ///
  /// @param type 0–255
  /// @param hex the value, in hexadecimal so that two records compare by content
  record Tlv(int type, String hex) {}

  /// The headers of a response.
  record Headers(List<Header> headers) implements StateValue {
    @Override
    public @Nullable String text() {
      return null;
    }
  }

  /// One of them.
  record Header(String name, String value) {}

  /// What to offer by ALPN, by what will be spoken.
  record Offers(Map<HttpProtocol, List<String>> byProtocol) implements StateValue {
    @Override
    public @Nullable String text() {
      return null;
    }
  }
}
