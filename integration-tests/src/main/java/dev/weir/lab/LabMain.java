package dev.weir.lab;

import ch.qos.logback.classic.Level;
import dev.weir.lab.bench.BenchCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The entry point of the launcher's commands that are not the server itself.
@Command(
    name = "weir",
    subcommands = {
      BenchCommand.class,
      ControlPlaneCommand.class,
      QuickstartCommand.class,
      TrainCommand.class
    })
public final class LabMain {

  private LabMain() {}

  /// Runs one command; its result is the exit code.
  public static void main(String[] arguments) {
    // The terminal is for what the commands say; the libraries below them speak up when it matters.
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)
        instanceof ch.qos.logback.classic.Logger it) {
      it.setLevel(Level.WARN);
    }
    var commands = new CommandLine(new LabMain());
    commands.getSubcommands().values().forEach(it -> it.setOverwrittenOptionsAllowed(true));
    System.exit(commands.execute(arguments));
  }
}
