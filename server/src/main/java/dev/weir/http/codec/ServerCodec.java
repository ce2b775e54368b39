package dev.weir.http.codec;

import dev.weir.config.HttpProtocol;

/// The protocol of one connection, at its server's end. The connection's worker only.
public interface ServerCodec {

  /// What is spoken.
  HttpProtocol protocol();

  /// Tells the client that the connection is about to end; requests that are under way, and those
  /// that cross this word, are still served. Nothing in HTTP/1.
  void noticeShutdown();

  /// Tells the client that no further request is served. Nothing in HTTP/1.
  void goAway();

  /// Whether part of a request's head has come, and not yet all of it: since when, in milliseconds
  /// of the worker's clock; [Long#MAX_VALUE] if not.
  long headersSince();

  /// A request's head has been waited for long enough: makes a stream to answer on. HTTP/1 only.
  void abandonHeaders(InvalidRequest why);

  /// Reads nothing more: the connection ends.
  void stopReading();
}
