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

  /// Closes the connections of one listener in the course of the drain time.
  ///
  /// @param skipExit whether it goes on accepting
  /// @return false if there is no such listener
  boolean drainListener(String name, boolean skipExit);

  /// Closes the connections to one host, such as `10.0.0.1:80`, in the course of the drain time.
  void drainEndpoint(String address);

  /// Opens the log files anew under their names.
  void reopenLogs();
}
