package dev.weir.listener;

/// How an attempt to bring a listener up, or to change it, ended.
public sealed interface ListenerOutcome {

  /// It serves as configured.
  record Applied() implements ListenerOutcome {}

  /// It could not be done, and whatever served before serves on.
  ///
  /// @param error what the control plane is told: `cannot bind '127.0.0.1:80': Address already in
  ///   use`
  record Refused(String error) implements ListenerOutcome {}
}
