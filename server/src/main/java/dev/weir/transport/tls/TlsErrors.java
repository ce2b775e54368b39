package dev.weir.transport.tls;

import io.netty.internal.tcnative.SSL;

/// Envoy's words for BoringSSL's errors.
final class TlsErrors {
  private TlsErrors() {}

  /// As access logs have it: `TLS_error:|268435581:SSL routines:OPENSSL_internal:…:TLS_error_end`.
  ///
  /// @param number of the error; 0 for none
  /// @param detail what we have found ourselves; empty for nothing
  static String text(int number, String detail) {
    var text = new StringBuilder("TLS_error:");
    if (number != 0) {
      text.append('|').append(Integer.toUnsignedLong(number)).append(':').append(reason(number));
    }
    if (text.indexOf("PEER_DID_NOT_RETURN_A_CERTIFICATE") > 0) {
      text.append(":peer did not provide required client certificate");
    }
    if (!detail.isEmpty()) {
      text.append(':').append(detail);
    }
    return text.append(":TLS_error_end").toString();
  }

  /// Of `error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED`, what follows the
  /// number.
  private static String reason(int number) {
    var text = String.valueOf(SSL.getErrorString(Integer.toUnsignedLong(number)));
    int first = text.indexOf(':');
    int second = text.indexOf(':', first + 1);
    return second < 0 ? text : text.substring(second + 1);
  }
}
