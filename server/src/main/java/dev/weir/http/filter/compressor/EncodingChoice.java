package dev.weir.http.filter.compressor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// In which encoding a client gets a response, of those that the compressors of a chain offer.
/// Source: RFC 9110, section 12.5.3, as Envoy reads it.
///
/// @param encoding `identity` for none
record EncodingChoice(String encoding, Reason reason) {
  static final String IDENTITY = "identity";
  private static final String ANY = "*";

  /// Why it is this one.
  enum Reason {
    IDENTITY,
    NOT_VALID,
    ANY,
    NAMED
  }

  /// What a compressor can do.
  ///
  /// @param first whether it goes before others that are liked as much
  record Offer(String encoding, boolean first) {}

  /// A word of `accept-encoding`.
  private record Wish(String encoding, float quality) {}

  /// Chooses.
  ///
  /// @param accepted the value of `accept-encoding`
  /// @param offers in the order of the chain
  static EncodingChoice of(String accepted, List<Offer> offers) {
    var wishes = wishes(accepted);
    if (wishes.isEmpty()) {
      return new EncodingChoice(IDENTITY, Reason.NOT_VALID);
    }
    var allowed = new LinkedHashMap<String, Boolean>();
    for (var offer : offers) {
      allowed.merge(offer.encoding, offer.first, Boolean::logicalOr);
    }
    for (var wish : wishes) {
      if (wish.quality == 0) {
        allowed.remove(wish.encoding);
      }
    }
    var best = best(wishes, allowed);
    if (best == null) {
      return new EncodingChoice(IDENTITY, Reason.NOT_VALID);
    }
    return switch (best.encoding) {
      case IDENTITY -> new EncodingChoice(IDENTITY, Reason.IDENTITY);
      case ANY ->
          allowed.isEmpty()
              ? new EncodingChoice(IDENTITY, Reason.NOT_VALID)
              : new EncodingChoice(allowed.firstEntry().getKey(), Reason.ANY);
      default -> new EncodingChoice(best.encoding, Reason.NAMED);
    };
  }

  private static @Nullable Wish best(List<Wish> wishes, Map<String, Boolean> allowed) {
    Wish best = null;
    for (var wish : wishes) {
      boolean known =
          allowed.containsKey(wish.encoding)
              || wish.encoding.equals(IDENTITY)
              || wish.encoding.equals(ANY);
      boolean better =
          best == null
              || wish.quality > best.quality
              || (wish.quality == best.quality && allowed.getOrDefault(wish.encoding, false));
      if (known && wish.quality > 0 && better) {
        best = wish;
      }
    }
    return best;
  }

  private static List<Wish> wishes(String accepted) {
    var wishes = new ArrayList<Wish>();
    for (var word : accepted.split(",", -1)) {
      if (word.isEmpty()) {
        continue;
      }
      int parameter = word.indexOf(';');
      var name = (parameter < 0 ? word : word.substring(0, parameter)).strip();
      var quality = parameter < 0 ? Float.valueOf(1) : quality(word.substring(parameter + 1));
      if (quality != null) {
        wishes.add(new Wish(name, quality));
      }
    }
    return wishes;
  }

  /// @return null if it cannot be read
  private static @Nullable Float quality(String parameter) {
    int equals = parameter.indexOf('=');
    if (equals < 0
        || !parameter.substring(0, equals).strip().toLowerCase(Locale.ROOT).equals("q")) {
      return 1f;
    }
    try {
      return Float.valueOf(parameter.substring(equals + 1).strip());
    } catch (NumberFormatException _) {
      return null;
    }
  }
}
