package dev.weir.transport.tls;

import dev.weir.telemetry.Counter;
import dev.weir.telemetry.StatScope;
import dev.weir.transport.TransportFailure;

/// What is counted of handshakes, below `ssl.` of a listener or cluster. Any thread.
final class TlsStats {
  private final StatScope scope;
  final Counter handshakes;
  final Counter errors;
  final Counter withoutCertificate;
  final Counter missingCertificate;
  final Counter untrusted;
  final Counter wrongName;
  final Counter wrongHash;
  final Counter resumed;
  final Counter stapleRequests;
  final Counter stapleResponses;
  final Counter staplesOmitted;
  final Counter staplesFailed;

  /// @param scope `ssl` of the listener or cluster
  TlsStats(StatScope scope) {
    this.scope = scope;
    handshakes = scope.counter("handshake");
    errors = scope.counter("connection_error");
    withoutCertificate = scope.counter("no_certificate");
    missingCertificate = scope.counter("fail_verify_no_cert");
    untrusted = scope.counter("fail_verify_error");
    wrongName = scope.counter("fail_verify_san");
    wrongHash = scope.counter("fail_verify_cert_hash");
    resumed = scope.counter("session_reused");
    stapleRequests = scope.counter("ocsp_staple_requests");
    stapleResponses = scope.counter("ocsp_staple_responses");
    staplesOmitted = scope.counter("ocsp_staple_omitted");
    staplesFailed = scope.counter("ocsp_staple_failed");
  }

  /// A handshake is done.
  void handshake(TlsSession session) {
    handshakes.increment();
    if (session.resumed()) {
      resumed.increment();
    }
    if (session.peer().isEmpty()) {
      withoutCertificate.increment();
    }
    scope.counter("ciphers." + session.cipher()).increment();
    scope.counter("versions." + session.version()).increment();
    if (!session.group().isEmpty()) {
      scope.counter("curves." + session.group()).increment();
    }
  }

  /// A handshake has failed, or what came after it was no TLS. What [#refused] has counted is not
  /// counted again.
  void failed(TransportFailure failure) {
    var reason = failure.reason();
    if (reason.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE")) {
      missingCertificate.increment();
    } else if (!reason.contains("CERTIFICATE_VERIFY_FAILED")) {
      errors.increment();
    }
  }

  /// A certificate did not pass.
  void refused(Verdict verdict) {
    switch (verdict.finding()) {
      case GOOD -> {}
      case UNTRUSTED -> untrusted.increment();
      case WRONG_NAME -> wrongName.increment();
      case WRONG_HASH -> wrongHash.increment();
    }
  }
}
