package dev.weir.http.filter.jwt;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.weir.config.MetadataValue;
import dev.weir.config.http.JwtConfig;
import dev.weir.http.filter.FilterStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What those behind us hear of a token.
final class GoodToken {
  private static final String NAMESPACE = "envoy.filters.http.jwt_authn";

  private GoodToken() {}

  /// Passes on what is to be known of a good token, and removes it where it is not to be passed on
  /// itself.
  static void pass(
      JwtConfig.Provider provider,
      JwtToken token,
      TokenFinder.Found found,
      FilterStream stream,
      Http2Headers request) {
    var passing = provider.passing();
    if (!passing.payload().name().isEmpty()) {
      request.add(AsciiString.of(passing.payload().name()), payload(provider, token));
    }
    for (var claim : passing.claims()) {
      var text = text(find(token.payload(), claim.path()));
      if (!text.isEmpty()) {
        request.add(AsciiString.of(claim.header()), text);
      }
    }
    if (!passing.forward()) {
      remove(found, request);
    }
    tell(provider, token, stream);
    if (passing.clearRoute()) {
      stream.clearRoute();
    }
  }

  private static String payload(JwtConfig.Provider provider, JwtToken token) {
    var bare = token.payloadText().replaceFirst("=+$", "");
    return provider.passing().payload().padded()
        ? bare + "=".repeat((4 - bare.length() % 4) % 4)
        : bare;
  }

  private static @Nullable JsonElement find(JsonObject payload, List<String> path) {
    JsonElement found = payload;
    for (var name : path) {
      if (found == null || !found.isJsonObject()) {
        return null;
      }
      found = found.getAsJsonObject().get(name);
    }
    return found;
  }

  private static String text(@Nullable JsonElement claim) {
    if (claim == null || claim.isJsonNull()) {
      return "";
    }
    if (!claim.isJsonPrimitive()) {
      return Base64.getEncoder().encodeToString(claim.toString().getBytes(StandardCharsets.UTF_8));
    }
    var primitive = claim.getAsJsonPrimitive();
    return primitive.isNumber() ? number(primitive.getAsDouble()) : primitive.getAsString();
  }

  private static String number(double number) {
    return number == Math.rint(number) && Math.abs(number) < 0x1p63
        ? Long.toString((long) number)
        : String.format(Locale.ROOT, "%f", number);
  }

  private static void remove(TokenFinder.Found found, Http2Headers request) {
    if (found.header() != null) {
      request.remove(found.header());
    }
    var path = request.path();
    if (found.parameter() != null && path != null) {
      request.path(without(path.toString(), found.parameter()));
    }
  }

  private static String without(String path, String parameter) {
    int mark = path.indexOf('?');
    var kept = new ArrayList<String>();
    for (var pair : path.substring(mark + 1).split("&", -1)) {
      if (!pair.equals(parameter) && !pair.startsWith(parameter + "=")) {
        kept.add(pair);
      }
    }
    return path.substring(0, mark) + (kept.isEmpty() ? "" : "?" + String.join("&", kept));
  }

  private static void tell(JwtConfig.Provider provider, JwtToken token, FilterStream stream) {
    var told = provider.passing().metadata();
    var values = new HashMap<String, MetadataValue>();
    if (!told.payload().isEmpty()) {
      var payload = new HashMap<>(fields(token.payload()));
      for (var name : told.lists()) {
        if (payload.get(name) instanceof MetadataValue.Text(var words)) {
          payload.put(name, words(words));
        }
      }
      values.put(told.payload(), new MetadataValue.Fields(payload));
    }
    if (!told.header().isEmpty()) {
      values.put(told.header(), new MetadataValue.Fields(fields(token.header())));
    }
    if (!values.isEmpty()) {
      stream.record().addMetadata(NAMESPACE, values);
    }
  }

  private static MetadataValue words(String text) {
    var words = new ArrayList<MetadataValue>();
    for (var word : text.split(" +", -1)) {
      if (!word.isEmpty()) {
        words.add(new MetadataValue.Text(word));
      }
    }
    return new MetadataValue.Items(words);
  }

  /// Tells what is wrong with a token.
  static void tellFailure(JwtConfig.Provider provider, JwtStatus status, FilterStream stream) {
    var key = provider.passing().metadata().failure();
    if (!key.isEmpty()) {
      var failure =
          new MetadataValue.Fields(
              Map.of(
                  "code", new MetadataValue.Numeric(status.number()),
                  "message", new MetadataValue.Text(status.text())));
      stream.record().addMetadata(NAMESPACE, Map.of(key, failure));
    }
  }

  private static Map<String, MetadataValue> fields(JsonObject from) {
    var fields = new HashMap<String, MetadataValue>();
    from.entrySet().forEach(entry -> fields.put(entry.getKey(), value(entry.getValue())));
    return fields;
  }

  private static MetadataValue value(JsonElement from) {
    if (from.isJsonObject()) {
      return new MetadataValue.Fields(fields(from.getAsJsonObject()));
    }
    if (from.isJsonArray()) {
      var items = new ArrayList<MetadataValue>();
      from.getAsJsonArray().forEach(item -> items.add(value(item)));
      return new MetadataValue.Items(items);
    }
    if (from.isJsonNull()) {
      return new MetadataValue.Null();
    }
    var primitive = from.getAsJsonPrimitive();
    if (primitive.isBoolean()) {
      return new MetadataValue.Bool(primitive.getAsBoolean());
    }
    return primitive.isNumber()
        ? new MetadataValue.Numeric(primitive.getAsDouble())
        : new MetadataValue.Text(primitive.getAsString());
  }
}
