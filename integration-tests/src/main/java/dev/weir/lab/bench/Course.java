package dev.weir.lab.bench;

/// What a proxy has to do with the bytes.
///
/// @param listen where it is to listen, on 127.0.0.1
/// @param backend where the server is, on 127.0.0.1
/// @param inner a free port beside `listen`, for the far end of a tunnel
record Course(Kind kind, int listen, int backend, int inner) {

  /// The ways that bytes may take.
  enum Kind {
    /// TCP on both sides.
    PLAIN,
    /// TLS towards the client.
    TLS_DOWNSTREAM,
    /// TLS on both sides.
    TLS_BOTH,
    /// Through an HTTP/2 CONNECT tunnel whose both ends the same process is.
    TUNNEL
  }

  /// Whether a contender can do this.
  boolean fits(Contender contender) {
    return switch (kind) {
      case PLAIN -> true;
      case TLS_DOWNSTREAM, TLS_BOTH -> contender != Contender.DIRECT;
      case TUNNEL -> contender.speaksEnvoy();
    };
  }
}
