package dev.weir.upstream.host;

/// What is noted of how connections and requests to a host fare, so that outlier detection can
/// judge it. Any thread.
public interface HostMonitor {
  /// Notes nothing.
  HostMonitor NONE =
      new HostMonitor() {
        @Override
        public void connected() {}

        @Override
        public void connectFailed() {}

        @Override
        public void connectTimedOut() {}

        @Override
        public void answered(int status) {}

        @Override
        public void degraded() {}

        @Override
        public double successRate() {
          return -1;
        }

        @Override
        public double localOriginSuccessRate() {
          return -1;
        }
      };

  /// A connection stands, and nothing more is to be learned over it: what goes over it is not
  /// understood.
  void connected();

  /// The host has refused a connection.
  void connectFailed();

  /// The host did not take a connection in time.
  void connectTimedOut();

  /// The host has answered a request.
  ///
  /// @param status of HTTP
  void answered(int status);

  /// The host has said in an answer that it is degraded (`x-envoy-degraded`).
  void degraded();

  /// The share of good answers in the last interval, in percent; -1 if there were too few.
  double successRate();

  /// The same of connections, where they are judged apart.
  double localOriginSuccessRate();
}
