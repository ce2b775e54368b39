package dev.weir.server;

import dev.weir.admin.Admin;
import dev.weir.admin.AdminServer;
import dev.weir.bootstrap.Bootstrap;
import dev.weir.bootstrap.BootstrapException;
import dev.weir.bootstrap.BootstrapLoader;
import dev.weir.engine.Engine;
import dev.weir.engine.StartException;
import dev.weir.transport.Transport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// The process: reads the command line, does what it says, and exits.
public final class Main {
  private static final System.Logger LOG = System.getLogger("main");

  private Main() {}

  /// Exits with 0 if all went well, and with 1 if the command line or the configuration is wrong.
  public static void main(String[] args) {
    int code = run(args);
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(code); // nothing is left to be done by anybody
  }

  private static int run(String[] args) {
    var flags = new Flags();
    var commandLine = new CommandLine(flags).setExpandAtFiles(false);
    try {
      commandLine.parseArgs(args);
      if (flags.help) {
        commandLine.usage(System.out);
        return 0;
      }
      if (flags.version) {
        System.out.println("weir  version: " + Version.TEXT);
        return 0;
      }
      if (flags.hotRestartVersion) {
        System.out.println(Version.HOT_RESTART);
        return 0;
      }
      return run(Options.of(flags));
    } catch (ParameterException | BadFlagException e) {
      System.err.println("error: " + e.getMessage());
      return 1;
    }
  }

  private static int run(Options options) {
    var logging = startLogging(options.log());
    try {
      var bootstrap = BootstrapLoader.load(options.bootstrapRequest());
      return switch (options.mode()) {
        case VALIDATE -> valid(options);
        case SERVE, INIT_ONLY -> serve(options, bootstrap, logging);
      };
    } catch (BootstrapException | StartException e) {
      return fail(options, logging, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the main thread", e);
    }
  }

  private static int valid(Options options) {
    System.out.println("configuration '" + options.flags().configPath + "' OK");
    return 0;
  }

  /// In the words by which tools recognise it; the plain text follows for people.
  private static int fail(Options options, Logging logging, String text) {
    var file = options.flags().configPath;
    if (options.mode() == Options.Mode.VALIDATE) {
      logging.critical("main", "error initializing configuration '" + file + "': " + text);
    } else {
      logging.critical("main", "error `" + text + "` initializing config '  " + file + "'");
      LOG.log(System.Logger.Level.INFO, "exiting");
      System.err.println(text);
    }
    return 1;
  }

  private static int serve(Options options, Bootstrap bootstrap, Logging logging)
      throws StartException, InterruptedException {
    useLogFormat(options, bootstrap.process().logFormat(), logging);
    nameMachine();
    tellTransport();
    var parts = Parts.of(options, bootstrap);
    var notes = bootstrap.notes();
    CompletableFuture.runAsync(
            () -> parts.notes().start(notes.strange(), notes.deprecated(), notes.unknown()),
            parts.main())
        .join();
    var server = new Server(parts, options, logging, bootstrap.process().statsFlushInterval());
    Signals.on("TERM", () -> stop(server, "SIGTERM"));
    Signals.on("INT", () -> stop(server, "SIGINT"));
    Signals.on("USR1", server::reopenLogs);
    Signals.on("HUP", () -> {});
    if (options.flags().untilStdinEnds) {
      Thread.startVirtualThread(() -> stopWithStdin(server));
    }
    try (var _ = admin(options, bootstrap, parts, server, logging)) {
      server.start(
          new Engine.Beginning(
              bootstrap.statics().clusters(),
              bootstrap.statics().listeners(),
              bootstrap.dynamics().cds(),
              bootstrap.dynamics().lds()));
      if (options.mode() == Options.Mode.SERVE) {
        server.awaitStop();
      }
      server.end();
    }
    return 0;
  }

  private static @Nullable AdminServer admin(
      Options options, Bootstrap bootstrap, Parts parts, Server server, Logging logging)
      throws StartException {
    var address = bootstrap.process().admin().address();
    if (address == null) {
      return null;
    }
    var configuration =
        new Admin.Configuration(
            parts.main(),
            parts.engine(),
            parts.xds(),
            bootstrap.resources(),
            bootstrap.statics().secrets(),
            parts.certificates());
    var admin = new Admin(server, logging, parts.stats(), bootstrap.accepted(), configuration);
    try {
      var logs = parts.logs().open(bootstrap.process().admin().accessLogs());
      var access = new Admin.Access(logs, bootstrap.process().admin().allowedPaths());
      var served = admin.serve(address, access);
      LOG.log(System.Logger.Level.INFO, "admin address: {0}", served.address());
      if (!options.flags().adminAddressPath.isEmpty()) {
        Files.writeString(Path.of(options.flags().adminAddressPath), served.address());
      }
      return served;
    } catch (IOException e) {
      throw new StartException(String.valueOf(e.getMessage()));
    }
  }

  private static Logging startLogging(Options.LogOptions options) {
    var logging = Logging.start();
    logging.setAll(options.level());
    options.components().forEach(logging::set);
    var pattern = options.pattern();
    if (pattern != null || options.path() != null || options.escaped()) {
      var text = pattern == null ? LogPattern.DEFAULT : pattern;
      logging.write(options.path(), new LogPattern(text, options.escaped()));
    }
    return logging;
  }

  /// Else Netty looks for a hardware address, which takes its time and may be in vain.
  private static void nameMachine() {
    var name = new byte[8];
    new SecureRandom().nextBytes(name);
    System.setProperty("io.netty.machineId", HexFormat.ofDelimiter(":").formatHex(name));
  }

  private static void tellTransport() throws StartException {
    try {
      var transport = Transport.best();
      LOG.log(System.Logger.Level.INFO, "transport: {0}", transport);
      if (transport == Transport.NIO && Transport.EPOLL.obstacle() != null) {
        LOG.log(
            System.Logger.Level.WARNING,
            "no epoll here ({0}): nio has one listening socket for all workers, no splice and no"
                + " socket options",
            Transport.EPOLL.obstacle());
      }
    } catch (IllegalArgumentException e) {
      throw new StartException(String.valueOf(e.getMessage()));
    }
  }

  private static void useLogFormat(Options options, @Nullable String format, Logging logging)
      throws StartException {
    var log = options.log();
    if (format != null && log.pattern() != null) {
      throw new StartException(
          "application_log_config and --log-format are both given, and may differ");
    }
    if (format != null) {
      logging.write(log.path(), new LogPattern(format, log.escaped()));
    }
  }

  private static void stopWithStdin(Server server) {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "standard input failed: {0}", e.toString());
    }
    LOG.log(System.Logger.Level.WARNING, "standard input has ended");
    server.quit();
  }

  private static void stop(Server server, String signal) {
    LOG.log(System.Logger.Level.WARNING, "caught {0}", signal);
    server.quit();
  }
}
