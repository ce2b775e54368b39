package dev.weir.upstream.health;

/// What one check has found. Failing is a value.
sealed interface ProbeOutcome {

  /// The host is well.
  ///
  /// @param degraded by its own account, for HTTP only
  record Passed(boolean degraded) implements ProbeOutcome {}

  /// The host is not well.
  ///
  /// @param status of the HTTP answer; 0 where there was none
  /// @param retriable whether one such failure alone is to change nothing
  /// @param excluded whether the host asked to be left out at once
  record Failed(FailureType type, int status, boolean retriable, boolean excluded)
      implements ProbeOutcome {
    /// There was no answer because of the network.
    static final Failed NETWORK = new Failed(FailureType.NETWORK, 0, false, false);

    /// There was no answer in time.
    static final Failed TIMEOUT = new Failed(FailureType.NETWORK_TIMEOUT, 0, false, false);

    /// The answer to a request asks to leave the host out.
    static final Failed PASSIVE = new Failed(FailureType.PASSIVE, 0, false, true);

    /// There was a bad answer.
    static Failed answer(int status) {
      return new Failed(FailureType.ACTIVE, status, false, false);
    }
  }

  /// `data.core.v3.HealthCheckFailureType`, as far as it happens here.
  enum FailureType {
    /// The host gave a bad answer.
    ACTIVE,
    /// The connection failed.
    NETWORK,
    /// Nothing came in time.
    NETWORK_TIMEOUT,
    /// Not a check, but the answer to a request says so.
    PASSIVE;

    /// Whether it takes several such failures to make a host unhealthy.
    boolean isOfTheNetwork() {
      return this == NETWORK || this == NETWORK_TIMEOUT;
    }
  }
}
