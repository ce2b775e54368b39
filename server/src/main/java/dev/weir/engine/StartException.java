package dev.weir.engine;

/// The start configuration cannot be put into force; the server does not start.
public final class StartException extends Exception {
  /// @param reason for people to read
  public StartException(String reason) {
    super(reason);
  }
}
