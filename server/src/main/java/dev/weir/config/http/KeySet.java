package dev.weir.config.http;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.security.Key;
import java.util.ArrayList;
import java.util.List;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/// A JSON Web Key Set (RFC 7517). Two are equal if they were the same text. Immutable; any thread.
public final class KeySet {
  private final String json;
  private final List<OneKey> keys;

  private KeySet(String json, List<OneKey> keys) {
    this.json = json;
    this.keys = List.copyOf(keys);
  }

  /// A public or shared key.
  ///
  /// @param id empty for none
  /// @param algorithm that it is for; empty for any of its type
  /// @param type `RSA`, `EC`, `OKP` or `oct`
  public record OneKey(String id, String algorithm, String type, Key key) {
    /// Whether a key of its type can sign so.
    public boolean canSign(String with) {
      return switch (type) {
        case "RSA" -> with.startsWith("RS") || with.startsWith("PS");
        case "EC" -> with.startsWith("ES");
        case "OKP" -> with.equals("EdDSA");
        default -> with.startsWith("HS");
      };
    }
  }

  /// Why a text is no key set.
  public static final class Invalid extends Exception {
    private static final long serialVersionUID = 1;

    Invalid(String reason) {
      super(reason, null, false, false);
    }

    /// What is wrong with it.
    public String reason() {
      return String.valueOf(getMessage());
    }
  }

  /// Reads a set. Keys that cannot be read are left out, as long as there is one that can be.
  ///
  /// @throws Invalid if there is none
  public static KeySet parse(String json) throws Invalid {
    var keys = new ArrayList<OneKey>();
    String reason = "Jwks doesn't have any valid public key";
    for (var one : list(json)) {
      try {
        var key = read(one);
        if (key != null) {
          keys.add(key);
        }
      } catch (Invalid e) {
        reason = e.reason();
      }
    }
    if (keys.isEmpty()) {
      throw new Invalid(reason);
    }
    return new KeySet(json, keys);
  }

  private static Iterable<JsonElement> list(String json) throws Invalid {
    JsonElement set;
    try {
      set = JsonParser.parseString(json);
    } catch (JsonParseException _) {
      throw new Invalid("Jwks is an invalid JSON");
    }
    if (!set.isJsonObject()) {
      throw new Invalid("Jwks is an invalid JSON");
    }
    var list = set.getAsJsonObject().get("keys");
    if (list == null) {
      throw new Invalid("Jwks does not have [keys] field");
    }
    if (!list.isJsonArray()) {
      throw new Invalid("[keys] in Jwks is not an array");
    }
    return list.getAsJsonArray();
  }

  private static @Nullable OneKey read(JsonElement json) throws Invalid {
    if (!json.isJsonObject()) {
      return null;
    }
    var members = json.getAsJsonObject().deepCopy();
    var id = text(members, "kid");
    var algorithm = text(members, "alg");
    var type = text(members, "kty");
    if (type.isEmpty()) {
      throw new Invalid("[kty] is missing in [keys]");
    }
    OneKey key;
    try {
      key = new OneKey(id, algorithm, type, JsonWebKey.Factory.newJwk(members.toString()).getKey());
    } catch (JoseException | RuntimeException e) {
      // the library takes malformed members for mistakes of its caller
      throw new Invalid("a key of type " + type + " cannot be read: " + e.getMessage());
    }
    if (!algorithm.isEmpty() && !key.canSign(algorithm)) {
      throw new Invalid("[alg] " + algorithm + " is not for keys of type " + type);
    }
    return key;
  }

  /// A member that may only be a text; any other is taken away.
  private static String text(JsonObject from, String name) {
    var member = from.get(name);
    if (member != null && member.isJsonPrimitive() && member.getAsJsonPrimitive().isString()) {
      return member.getAsString();
    }
    from.remove(name);
    return "";
  }

  /// The keys; at least one.
  public List<OneKey> keys() {
    return keys;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KeySet set && set.json.equals(json);
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  @Override
  public String toString() {
    return keys.size() + " keys";
  }
}
