package dev.weir.admin;

import java.time.Duration;
import java.util.Map;

/// The process, as the admin interface sees it: what it is, and what it can be told. Any thread may
/// call.
public interface ServerControl {
  /// How far it has come.
  ServerState state();

  /// How long it has run.
  Duration uptime();

  /// Its release.
  String version();

  /// The version of the admin protocol that tools look at.
  String protocolVersion();

  /// The command line, by the names of `admin.v3.CommandLineOptions`.
  Map<String, Object> commandLine();

  /// Ends the process as SIGTERM does.
  void quit();

  /// Whether to tell load balancers that no more connections are wanted.
  void failHealthchecks(boolean fail);

  /// Stops accepting connections; those that are open go on.
  ///
  /// @param graceful accepts until the drain time is over
  /// @param skipExit never stops accepting: only marks the listeners as draining
  void drainListeners(boolean inboundOnly, boolean graceful, boolean skipExit);

  /// Opens the log files anew under their names.
  void reopenLogs();
}
