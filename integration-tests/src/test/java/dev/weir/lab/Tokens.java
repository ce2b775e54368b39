package dev.weir.lab;

import com.google.gson.Gson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.OctJwkGenerator;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/// Tokens of all kinds, good and bad, and the keys to verify them with.
final class Tokens {
  private static final Gson JSON = new Gson();

  private final Map<String, JsonWebKey> keys = new TreeMap<>();

  Tokens() throws JoseException {
    keys.put("rsa", RsaJwkGenerator.generateJwk(2048));
    keys.put("rsa-2", RsaJwkGenerator.generateJwk(2048));
    keys.put("ec", EcJwkGenerator.generateJwk(EllipticCurves.P256));
    keys.put("ec-384", EcJwkGenerator.generateJwk(EllipticCurves.P384));
    keys.put("ed", OkpJwkGenerator.generateJwk("Ed25519"));
    keys.put("oct", OctJwkGenerator.generateJwk(256));
    keys.forEach((id, key) -> key.setKeyId(id));
  }

  /// A set of some of the keys.
  String keySet(String... ids) {
    var all = new ArrayList<Map<String, Object>>();
    for (var id : ids) {
      var key = key(id);
      all.add(
          key.toParams(
              key instanceof PublicJsonWebKey
                  ? OutputControlLevel.PUBLIC_ONLY
                  : OutputControlLevel.INCLUDE_SYMMETRIC));
    }
    return JSON.toJson(Map.of("keys", all));
  }

  private JsonWebKey key(String id) {
    var key = keys.get(id);
    if (key == null) {
      throw new AssertionError("no key " + id);
    }
    return key;
  }

  /// A token that is signed.
  ///
  /// @param id of the key
  /// @param header what its header says beside the algorithm
  /// @param payload in JSON
  String signed(String algorithm, String id, Map<String, Object> header, String payload)
      throws JoseException {
    var token = new JsonWebSignature();
    token.setAlgorithmHeaderValue(algorithm);
    header.forEach(token::setHeader);
    token.setPayload(payload);
    var key = key(id);
    token.setKey(key instanceof PublicJsonWebKey pair ? pair.getPrivateKey() : key.getKey());
    token.setDoKeyValidation(false);
    return token.getCompactSerialization();
  }

  /// A token that is not.
  static String unsigned(String header, String payload) {
    return base64(header) + "." + base64(payload) + "." + base64("signature");
  }

  static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /// A payload of this issuer, good for some hours, with further claims.
  static String payload(String issuer, String more) {
    long now = System.currentTimeMillis() / 1000;
    return "{\"iss\":\"%s\",\"sub\":\"somebody\",\"exp\":%d,\"aud\":\"one\"%s}"
        .formatted(issuer, now + 7200, more);
  }

  /// All tokens by what is special about them, for a provider whose issuer is `rsa` and whose
  /// audience is `one`.
  Map<String, String> all() throws JoseException {
    var all = new TreeMap<String, String>();
    var good = payload("rsa", "");
    long now = System.currentTimeMillis() / 1000;
    all.put("good", signed("RS256", "rsa", Map.of("kid", "rsa"), good));
    all.put("good without key id", signed("RS256", "rsa", Map.of(), good));
    all.put("good RS512", signed("RS512", "rsa", Map.of("kid", "rsa"), good));
    all.put("good PS256", signed("PS256", "rsa", Map.of("kid", "rsa"), good));
    all.put("good ES256", signed("ES256", "ec", Map.of("kid", "ec"), good));
    all.put("good ES384", signed("ES384", "ec-384", Map.of("kid", "ec-384"), good));
    all.put("good EdDSA", signed("EdDSA", "ed", Map.of("kid", "ed"), good));
    all.put("good HS256", signed("HS256", "oct", Map.of("kid", "oct"), good));
    all.put("unknown key", signed("RS256", "rsa-2", Map.of(), good));
    all.put("unknown key id", signed("RS256", "rsa", Map.of("kid", "x"), good));
    all.put("another's key id", signed("RS256", "rsa-2", Map.of("kid", "rsa"), good));
    all.put("key of another type", signed("RS256", "rsa", Map.of("kid", "ec"), good));
    var claims =
        ",\"n\":42,\"d\":1.5,\"b\":true,\"nest\":{\"a\":\"deep\"},\"list\":[\"y\"],"
            + "\"scope\":\"read  write\",\"nothing\":null";
    var kid = Map.<String, Object>of("kid", "rsa");
    all.put("claims", signed("RS256", "rsa", kid, payload("rsa", claims)));
    var payloads = new HashMap<String, String>();
    payloads.put("other issuer", payload("other", ""));
    payloads.put("issuer strict", payload("strict", ""));
    payloads.put("issuer remote", payload("remote", ""));
    payloads.put("no issuer", "{\"exp\":" + (now + 7200) + ",\"aud\":\"one\"}");
    payloads.put("no expiration", "{\"iss\":\"rsa\",\"aud\":\"one\"}");
    payloads.put("expired", "{\"iss\":\"rsa\",\"aud\":\"one\",\"exp\":" + (now - 3600) + "}");
    payloads.put(
        "expired just now", "{\"iss\":\"rsa\",\"aud\":\"one\",\"exp\":" + (now - 20) + "}");
    payloads.put("not yet", payload("rsa", ",\"nbf\":" + (now + 3600)));
    payloads.put("almost", payload("rsa", ",\"nbf\":" + (now + 20)));
    payloads.put("long since", payload("rsa", ",\"nbf\":5,\"iat\":5"));
    payloads.put("no audience", "{\"iss\":\"rsa\"}");
    payloads.put("other audience", "{\"iss\":\"rsa\",\"aud\":\"other\"}");
    payloads.put("audiences", "{\"iss\":\"rsa\",\"aud\":[\"other\",\"http://one/\"]}");
    payloads.put("audience with a scheme", "{\"iss\":\"rsa\",\"aud\":\"https://two\"}");
    for (var wrong :
        List.of(
            "\"iss\":1",
            "\"sub\":1",
            "\"aud\":1",
            "\"aud\":[1]",
            "\"aud\":{}",
            "\"jti\":1",
            "\"iat\":\"1\"",
            "\"nbf\":\"1\"",
            "\"exp\":\"1\"",
            "\"exp\":-1",
            "\"nbf\":-1",
            "\"iat\":-1",
            "\"exp\":1e30",
            "\"exp\":99999999999.5",
            "\"nbf\":null",
            "\"iss\":null")) {
      payloads.put("claim " + wrong, "{\"x\":\"y\"," + wrong + "}");
    }
    payloads.put("payload a list", "[]");
    payloads.put("payload no JSON", "hello");
    payloads.put("payload empty", "");
    for (var one : payloads.entrySet()) {
      all.put(one.getKey(), signed("RS256", "rsa", kid, one.getValue()));
    }
    malformed(good, all);
    return all;
  }

  private static void malformed(String good, Map<String, String> all) {
    all.put("algorithm none", unsigned("{\"alg\":\"none\"}", good));
    all.put("algorithm missing", unsigned("{\"typ\":\"JWT\"}", good));
    all.put("algorithm a number", unsigned("{\"alg\":1}", good));
    all.put("algorithm empty", unsigned("{\"alg\":\"\"}", good));
    all.put("key id a number", unsigned("{\"alg\":\"RS256\",\"kid\":1}", good));
    all.put("header no JSON", unsigned("hello", good));
    all.put("header a list", unsigned("[]", good));
    all.put("wrong signature", unsigned("{\"alg\":\"RS256\",\"kid\":\"rsa\"}", good));
    all.put("wrong EdDSA signature", unsigned("{\"alg\":\"EdDSA\",\"kid\":\"ed\"}", good));
    all.put("no token", "hello");
    all.put("two parts", base64("{\"alg\":\"RS256\"}") + "." + base64(good));
    all.put("four parts", unsigned("{\"alg\":\"RS256\"}", good) + ".x");
    all.put("header no base64", "a." + base64(good) + ".x");
    all.put("payload no base64", base64("{\"alg\":\"RS256\"}") + ".a.x");
    all.put("signature no base64", base64("{\"alg\":\"RS256\"}") + "." + base64(good) + ".abcde");
    all.put("only dots", "..");
    all.put("empty", "");
  }
}
