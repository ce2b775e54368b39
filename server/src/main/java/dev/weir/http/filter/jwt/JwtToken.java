package dev.weir.http.filter.jwt;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A token, taken apart and not verified. Immutable. Source: RFC 7519, in its compact form.
///
/// @param text the token itself
/// @param payloadText the middle part as it came
record JwtToken(
    String text, String payloadText, JsonObject header, JsonObject payload, Claims claims) {
  private static final Set<String> ALGORITHMS =
      Set.of(
          "ES256", "ES384", "ES512", "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256",
          "PS384", "PS512", "EdDSA");

  /// The claims that decide.
  ///
  /// @param notBefore seconds since 1970; 0 for any time
  /// @param expires seconds since 1970; 0 for never
  record Claims(
      String issuer, String subject, double notBefore, double expires, List<String> audiences) {}

  /// Why a text is no token.
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;
    private final JwtStatus status;

    Malformed(JwtStatus status) {
      super(status.text(), null, false, false);
      this.status = status;
    }

    JwtStatus status() {
      return status;
    }
  }

  /// Takes a token apart.
  ///
  /// @throws Malformed if it is none
  static JwtToken parse(String text) throws Malformed {
    var parts = text.split("\\.", -1);
    boolean whole = parts.length == 3 && List.of(parts).stream().noneMatch(String::isEmpty);
    require(whole, JwtStatus.BAD_FORMAT);
    var header = json(base64(parts[0], JwtStatus.HEADER_BASE64), JwtStatus.HEADER_JSON);
    var algorithm = text(header, "alg", JwtStatus.HEADER_ALG);
    require(!algorithm.isEmpty() || header.has("alg"), JwtStatus.HEADER_ALG);
    require(ALGORITHMS.contains(algorithm), JwtStatus.HEADER_ALG_UNKNOWN);
    text(header, "kid", JwtStatus.HEADER_KID);
    var payload = json(base64(parts[1], JwtStatus.PAYLOAD_BASE64), JwtStatus.PAYLOAD_JSON);
    var issuer = text(payload, "iss", JwtStatus.ISS);
    var subject = text(payload, "sub", JwtStatus.SUB);
    number(payload, "iat", JwtStatus.IAT, JwtStatus.IAT_RANGE);
    double notBefore = number(payload, "nbf", JwtStatus.NBF, JwtStatus.NBF_RANGE);
    double expires = number(payload, "exp", JwtStatus.EXP, JwtStatus.EXP_RANGE);
    text(payload, "jti", JwtStatus.JTI);
    var claims = new Claims(issuer, subject, notBefore, expires, audiences(payload.get("aud")));
    base64(parts[2], JwtStatus.SIGNATURE_BASE64);
    return new JwtToken(text, parts[1], header, payload, claims);
  }

  /// The algorithm that it says it is signed with.
  String algorithm() {
    return header.get("alg").getAsString();
  }

  /// The key that it says it is signed with; empty if it does not say.
  String keyId() {
    return header.has("kid") ? header.get("kid").getAsString() : "";
  }

  /// How long its signature is, in bytes.
  int signatureLength() {
    int characters = text.length() - text.lastIndexOf('.') - 1;
    return characters * 3 / 4;
  }

  private static void require(boolean condition, JwtStatus otherwise) throws Malformed {
    if (!condition) {
      throw new Malformed(otherwise);
    }
  }

  private static String base64(String part, JwtStatus otherwise) throws Malformed {
    try {
      return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw new Malformed(otherwise);
    }
  }

  private static JsonObject json(String text, JwtStatus otherwise) throws Malformed {
    var reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    try {
      var json = JsonParser.parseReader(reader);
      require(json.isJsonObject() && reader.peek() == JsonToken.END_DOCUMENT, otherwise);
      return json.getAsJsonObject();
    } catch (JsonParseException | IOException _) {
      throw new Malformed(otherwise);
    }
  }

  private static boolean isText(@Nullable JsonElement element) {
    return element != null && element.isJsonPrimitive() && element.getAsJsonPrimitive().isString();
  }

  private static String text(JsonObject from, String name, JwtStatus otherwise) throws Malformed {
    var element = from.get(name);
    require(element == null || isText(element), otherwise);
    return element == null ? "" : element.getAsString();
  }

  private static double number(
      JsonObject from, String name, JwtStatus otherwise, JwtStatus outOfRange) throws Malformed {
    var element = from.get(name);
    if (element == null) {
      return 0;
    }
    require(element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber(), otherwise);
    double number = element.getAsDouble();
    require(number >= 0 && number < 0x1p64, outOfRange);
    return Math.floor(number);
  }

  private static List<String> audiences(@Nullable JsonElement element) throws Malformed {
    if (element == null) {
      return List.of();
    }
    if (isText(element)) {
      return List.of(element.getAsString());
    }
    require(element.isJsonArray(), JwtStatus.AUD);
    var audiences = new ArrayList<String>();
    for (var one : element.getAsJsonArray()) {
      require(isText(one), JwtStatus.AUD);
      audiences.add(one.getAsString());
    }
    return audiences;
  }
}
