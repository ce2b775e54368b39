package dev.weir.http.filter.jwt;

/// What is found of a token, in Envoy's words and by its numbers.
enum JwtStatus {
  OK(0, "OK"),
  MISSING(1, "Jwt is missing"),
  NOT_YET_VALID(2, "Jwt not yet valid"),
  EXPIRED(3, "Jwt is expired"),
  BAD_FORMAT(4, "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections"),
  HEADER_BASE64(5, "Jwt header is an invalid Base64url encoded"),
  HEADER_JSON(6, "Jwt header is an invalid JSON"),
  HEADER_ALG(7, "Jwt header [alg] field is required and must be a string"),
  HEADER_ALG_UNKNOWN(8, "Jwt header [alg] is not supported"),
  HEADER_KID(9, "Jwt header [kid] field is not a string"),
  PAYLOAD_BASE64(10, "Jwt payload is an invalid Base64url encoded"),
  PAYLOAD_JSON(11, "Jwt payload is an invalid JSON"),
  ISS(12, "Jwt payload [iss] field is not a string"),
  SUB(13, "Jwt payload [sub] field is not a string"),
  IAT(14, "Jwt payload [iat] field is not an integer"),
  IAT_RANGE(15, "Jwt payload [iat] field is not a positive 64 bit integer"),
  NBF(16, "Jwt payload [nbf] field is not an integer"),
  NBF_RANGE(17, "Jwt payload [nbf] field is not a positive 64 bit integer"),
  EXP(18, "Jwt payload [exp] field is not an integer"),
  EXP_RANGE(19, "Jwt payload [exp] field is not a positive 64 bit integer"),
  JTI(20, "Jwt payload [jti] field is not a string"),
  AUD(21, "Jwt payload [aud] field is not a string or string list"),
  SIGNATURE_BASE64(22, "Jwt signature is an invalid Base64url encoded"),
  ED25519_LENGTH(23, "Jwt ED25519 signature is wrong length"),
  UNKNOWN_ISSUER(24, "Jwt issuer is not configured"),
  AUDIENCE(25, "Audiences in Jwt are not allowed"),
  VERIFICATION(26, "Jwt verification fails"),
  NO_KEY(32, "Jwks doesn't have key to match kid or alg from Jwt"),
  FETCH(40, "Jwks remote fetch is failed");

  private final int number;
  private final String text;

  JwtStatus(int number, String text) {
    this.number = number;
    this.text = text;
  }

  int number() {
    return number;
  }

  String text() {
    return text;
  }
}
