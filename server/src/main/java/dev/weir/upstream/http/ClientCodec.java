package dev.weir.upstream.http;

import dev.weir.upstream.connect.RequestAccount;

/// What is spoken on one connection to a host. Its worker only.
interface ClientCodec {
  /// Takes the channel over, which stands and reads nothing yet.
  void start();

  /// A stream for a request, where there is room for it.
  UpstreamStream open(RequestAccount account);

  /// How many streams there may be at once.
  long capacity();

  /// The connection is over; streams that are left are told.
  void onClosed();
}
