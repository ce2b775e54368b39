package dev.weir.transport.tls;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// BoringSSL's words for the JDK's errors, as far as they can be told apart.
final class JdkErrors {
  private static final long LIBRARY = 0x1000_0000;
  private static final int ALERTS = 1000;
  private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");

  /// Reasons by what the JDK says, and their numbers.
  private record Reason(String sign, int number, String text) {}

  private static final Reason REFUSED = new Reason("", 0x7d, "CERTIFICATE_VERIFY_FAILED");

  private static final Reason[] REASONS = {
    new Reason(
        "Empty client certificate chain",
        0xc0,
        "PEER_DID_NOT_RETURN_A_CERTIFICATE:peer did not provide required client certificate"),
    new Reason("(protocol_version)", 0xf0, "UNSUPPORTED_PROTOCOL"),
    new Reason("no cipher suites in common", 0xb8, "NO_SHARED_CIPHER"),
    new Reason("KEY_USAGE_BIT_INCORRECT", 0x12e, "KEY_USAGE_BIT_INCORRECT"),
    new Reason("NO_RENEGOTIATION", 0xb6, "NO_RENEGOTIATION"),
  };

  /// Alerts of SSL 3, which keep its name (RFC 8446, section 6).
  private static final Map<String, Integer> OLD_ALERTS =
      Map.of(
          "unexpected_message", 10,
          "bad_record_mac", 20,
          "handshake_failure", 40,
          "bad_certificate", 42,
          "unsupported_certificate", 43,
          "certificate_revoked", 44,
          "certificate_expired", 45,
          "certificate_unknown", 46,
          "illegal_parameter", 47);

  private static final Map<String, Integer> ALERT_NUMBERS =
      Map.of(
          "record_overflow", 22,
          "unknown_ca", 48,
          "access_denied", 49,
          "decode_error", 50,
          "decrypt_error", 51,
          "protocol_version", 70,
          "insufficient_security", 71,
          "internal_error", 80,
          "certificate_required", 116,
          "no_application_protocol", 120);

  private JdkErrors() {}

  /// As access logs have it.
  ///
  /// @param detail what we have found ourselves; empty for nothing
  static String text(SSLException e, String detail) {
    if (!detail.isEmpty()) {
      return text(REFUSED) + ":" + detail + ":TLS_error_end";
    }
    var message = String.valueOf(e.getMessage());
    var reason = reason(message);
    return (reason == null ? "TLS_error:|" + message : text(reason)) + ":TLS_error_end";
  }

  private static String text(Reason reason) {
    return "TLS_error:|"
        + (LIBRARY + reason.number)
        + ":SSL routines:OPENSSL_internal:"
        + reason.text;
  }

  private static @Nullable Reason reason(String message) {
    var alert = ALERT.matcher(message);
    if (alert.find()) {
      return alert(alert.group(1));
    }
    for (var reason : REASONS) {
      if (message.contains(reason.sign)) {
        return reason;
      }
    }
    return null;
  }

  private static Reason alert(String name) {
    var text = "ALERT_" + name.toUpperCase(Locale.ROOT);
    var old = OLD_ALERTS.get(name);
    return old == null
        ? new Reason("", ALERTS + ALERT_NUMBERS.getOrDefault(name, 0), "TLSV1_" + text)
        : new Reason("", ALERTS + old, "SSLV3_" + text);
  }
}
