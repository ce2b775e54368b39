package dev.weir.http.filter.jwt;

import dev.weir.config.http.JwtConfig;
import dev.weir.http.route.HeaderText;
import dev.weir.http.route.PathText;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Finds the tokens of some providers in a request. Immutable; any worker.
final class TokenFinder {
  private static final AsciiString COOKIE = AsciiString.cached("cookie");

  private final Map<String, Place> headers = new TreeMap<>();
  private final Map<String, Place> parameters = new TreeMap<>();
  private final Map<String, Place> cookies = new TreeMap<>();
  private final Set<AsciiString> ours = new HashSet<>();

  /// Where a token may be.
  ///
  /// @param name of header, parameter or cookie
  /// @param prefix what stands before the token
  /// @param issuers whose tokens may be there
  private record Place(String name, String prefix, Set<String> issuers) {}

  /// A token that was found.
  ///
  /// @param header where it was, to be removed; null if it was in no header
  /// @param parameter where it was, to be removed; null if it was in no parameter
  record Found(
      String text, @Nullable AsciiString header, @Nullable String parameter, Set<String> issuers) {
    /// Whether tokens of this issuer may be where it was.
    boolean isFor(String issuer) {
      return issuers.contains("") || issuers.contains(issuer);
    }
  }

  /// @param providers whose tokens are looked for
  TokenFinder(Collection<JwtConfig.Provider> providers) {
    for (var provider : providers) {
      var issuer = provider.trust().issuer();
      for (var header : provider.places().headers()) {
        var key = header.name() + header.prefix();
        place(headers, key, header.name(), header.prefix()).issuers.add(issuer);
      }
      for (var name : provider.places().parameters()) {
        place(parameters, name, name, "").issuers.add(issuer);
      }
      for (var name : provider.places().cookies()) {
        place(cookies, name, name, "").issuers.add(issuer);
      }
      if (!provider.passing().payload().name().isEmpty()) {
        ours.add(AsciiString.of(provider.passing().payload().name()));
      }
      provider.passing().claims().forEach(claim -> ours.add(AsciiString.of(claim.header())));
    }
  }

  private static Place place(Map<String, Place> places, String key, String name, String prefix) {
    return places.computeIfAbsent(key, _ -> new Place(name, prefix, new TreeSet<>()));
  }

  /// Removes the headers that only we may set.
  void removeOurs(Http2Headers request) {
    for (var name : ours) {
      request.remove(name);
    }
  }

  /// All tokens; the last is to be looked at first.
  List<Found> find(Http2Headers request) {
    var found = new ArrayList<Found>();
    for (var place : headers.values()) {
      var name = HeaderText.name(place.name);
      var value = HeaderText.joined(request, name);
      var token = value == null ? null : within(value, place.prefix);
      if (token != null) {
        found.add(new Found(token, name, null, place.issuers));
      }
    }
    if (!parameters.isEmpty() && request.path() != null) {
      var path = PathText.of(request.path().toString());
      for (var place : parameters.values()) {
        var token = path.parameter(place.name);
        if (token != null) {
          found.add(new Found(PathText.decoded(token), null, place.name, place.issuers));
        }
      }
    }
    for (var place : cookies.values()) {
      var token = cookie(request, place.name);
      if (token != null && !token.isEmpty()) {
        found.add(new Found(token, null, null, place.issuers));
      }
    }
    return found;
  }

  /// What stands behind a prefix, wherever that is.
  private static @Nullable String within(String value, String prefix) {
    if (value.isEmpty()) {
      return null;
    }
    if (prefix.isEmpty()) {
      return value;
    }
    int at = value.indexOf(prefix);
    if (at < 0) {
      return null;
    }
    return value.substring(at + prefix.length());
  }

  private static @Nullable String cookie(Http2Headers request, String name) {
    for (var line : request.getAll(COOKIE)) {
      for (var pair : line.toString().split(";", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
          return pair.substring(equals + 1).strip();
        }
      }
    }
    return null;
  }
}
