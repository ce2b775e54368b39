package dev.weir.http.codec;

/// Whose connection a codec runs. The connection's worker only.
public interface CodecOwner {

  /// A request begins.
  ///
  /// @param stream the way back to the client
  /// @return who hears of it
  RequestListener onStream(ServerStream stream);

  /// The client does not speak the protocol as it should; the codec has said what there is to say.
  /// With HTTP/2 the connection ends, once the client had time to read that.
  ///
  /// @param details what was wrong
  void onProtocolError(String details);

  /// The client asks for too much, or is dead: the connection ends at once.
  ///
  /// @param details in which way
  void onCutOff(String details);

  /// The client has hung up.
  ///
  /// @param reset whether it broke off
  void onRemoteClose(boolean reset);

  /// Bytes have come.
  void onBytesRead(int bytes);

  /// What the last read has brought is more or less than what the one before had, by so many bytes.
  void onBuffered(int change);

  /// Bytes were handed on.
  void onBytesWritten(int bytes);
}
