package dev.weir.http.filter.jwt;

import dev.weir.config.http.KeySet;
import dev.weir.config.http.KeySet.OneKey;
import java.security.Key;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/// Verifies by whom a token was signed.
final class Signatures {
  private static final int ED25519_BYTES = 64;

  private Signatures() {}

  /// Whether one of the keys has signed the token.
  static JwtStatus verify(JwtToken token, KeySet set) {
    var status = JwtStatus.NO_KEY;
    for (var key : set.keys()) {
      if (fits(key, token)) {
        status = worse(status, key, token);
        if (key.canSign(token.algorithm()) && isSigned(token, key.key())) {
          return JwtStatus.OK;
        }
      }
    }
    return status;
  }

  private static JwtStatus worse(JwtStatus before, OneKey key, JwtToken token) {
    boolean cannotBe = key.type().equals("OKP") && token.signatureLength() != ED25519_BYTES;
    return cannotBe || before == JwtStatus.ED25519_LENGTH
        ? JwtStatus.ED25519_LENGTH
        : JwtStatus.VERIFICATION;
  }

  /// Whether tokens that say so may be signed with it.
  private static boolean fits(OneKey key, JwtToken token) {
    var asked = token.keyId();
    return (asked.isEmpty() || key.id().isEmpty() || asked.equals(key.id()))
        && (key.algorithm().isEmpty() || key.algorithm().equals(token.algorithm()));
  }

  private static boolean isSigned(JwtToken token, Key key) {
    var signature = new JsonWebSignature();
    signature.setAlgorithmConstraints(
        new AlgorithmConstraints(ConstraintType.PERMIT, token.algorithm()));
    signature.setDoKeyValidation(false); // how long keys are is the issuer's decision
    signature.setKey(key);
    try {
      signature.setCompactSerialization(token.text());
      return signature.verifySignature();
    } catch (JoseException _) {
      return false;
    }
  }
}
