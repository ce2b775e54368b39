package dev.weir.server;

/// The command line makes no sense.
final class BadFlagException extends Exception {
  BadFlagException(String reason) {
    super(reason);
  }
}
