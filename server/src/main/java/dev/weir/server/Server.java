package dev.weir.server;

import dev.weir.admin.ServerControl;
import dev.weir.admin.ServerState;
import dev.weir.engine.Engine;
import dev.weir.engine.StartException;
import dev.weir.telemetry.JvmStats;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A server's life: how far its start has come, how it is drained, how it ends. Any thread may
/// call.
final class Server implements ServerControl {
  private static final System.Logger LOG = System.getLogger("main");

  /// How long the connections may take to be closed, and how long those who are told of it.
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final Parts parts;
  private final Options options;
  private final Logging logging;
  private final Duration statsFlushInterval;
  private final ServerStats stats;
  private final Watchdog watchdog;
  private final CompletableFuture<Void> stop = new CompletableFuture<>();
  private volatile ServerState progress = ServerState.PRE_INITIALIZING;
  private volatile boolean failHealthchecks;

  /// @param statsFlushInterval how often what histograms recorded is made visible
  Server(Parts parts, Options options, Logging logging, Duration statsFlushInterval) {
    this.parts = parts;
    this.options = options;
    this.logging = logging;
    this.statsFlushInterval = statsFlushInterval;
    this.watchdog = watchdog(parts);
    this.stats =
        new ServerStats(
            parts.stats(),
            options.concurrency(),
            this::state,
            this::connections,
            parts.certificates()::daysUntilFirst);
  }

  private static Watchdog watchdog(Parts parts) {
    var watchdog = new Watchdog(parts.stats());
    watchdog.watch("main_thread", "main_thread", parts.main());
    for (var worker : parts.loops().workers()) {
      watchdog.watch("workers", worker.toString(), worker.loop());
    }
    return watchdog;
  }

  private long connections() {
    return parts.engine().connections();
  }

  /// Starts, and waits until it serves or is told to stop.
  ///
  /// @throws StartException if it cannot serve
  void start(Engine.Beginning beginning) throws StartException, InterruptedException {
    var engine = parts.engine();
    engine.clustersReady().thenRun(() -> progress = ServerState.INITIALIZING);
    var started =
        CompletableFuture.supplyAsync(() -> engine.start(beginning), parts.main())
            .thenCompose(served -> served)
            .thenRun(this::started);
    try {
      CompletableFuture.anyOf(started, stop).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StartException cannot) {
        throw cannot;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private void started() {
    progress = ServerState.LIVE;
    stats.initialized();
    flushLater();
    watchdog.start();
    Thread.startVirtualThread(() -> new JvmStats(parts.stats())); // Nobody should wait for it.
    LOG.log(System.Logger.Level.INFO, "starting main dispatch loop");
  }

  private void flushLater() {
    parts
        .main()
        .schedule(
            statsFlushInterval,
            () -> {
              parts.stats().flush();
              flushLater();
            });
  }

  /// Waits until the server is told to stop.
  void awaitStop() {
    stop.join();
  }

  /// Lets connections end for as long as they are granted, then closes those that are left, and
  /// writes out what is to be logged of them.
  void end() {
    LOG.log(System.Logger.Level.INFO, "shutting down server instance");
    var grace = options.drain().grace();
    if (!grace.isZero()) {
      await(() -> parts.engine().drain(grace), grace);
    }
    await(() -> parts.engine().close(), LAST_WORDS);
    await(() -> parts.logServices().close(), LAST_WORDS);
    parts.logs().close();
    LOG.log(System.Logger.Level.INFO, "exiting");
  }

  private void await(Ending ending, Duration atMost) {
    try {
      CompletableFuture.supplyAsync(ending::begin, parts.main())
          .thenCompose(ended -> ended)
          .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      LOG.log(System.Logger.Level.DEBUG, "connections are left after {0}", atMost);
    } catch (ExecutionException e) {
      LOG.log(System.Logger.Level.ERROR, "cannot end as it should", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// A way to end connections.
  private interface Ending {
    CompletableFuture<Void> begin();
  }

  @Override
  public ServerState state() {
    var now = progress;
    return now == ServerState.LIVE && failHealthchecks ? ServerState.DRAINING : now;
  }

  @Override
  public Duration uptime() {
    return stats.uptime();
  }

  @Override
  public String version() {
    return Version.TEXT;
  }

  @Override
  public String protocolVersion() {
    return Version.HOT_RESTART;
  }

  @Override
  public Map<String, Object> commandLine() {
    return CommandLineView.of(options);
  }

  @Override
  public void quit() {
    stop.complete(null);
  }

  @Override
  public void failHealthchecks(boolean fail) {
    failHealthchecks = fail;
    parts.drain().fail(fail);
  }

  @Override
  public void drainListeners(boolean inboundOnly, boolean graceful, boolean skipExit) {
    if (graceful) {
      parts.drain().begin();
    }
    if (skipExit) {
      return;
    }
    Runnable stopListening = () -> parts.engine().stopListening(inboundOnly);
    var main = parts.main();
    if (graceful) {
      main.schedule(options.drain().time(), stopListening);
    } else {
      CompletableFuture.runAsync(stopListening, main).join();
    }
  }

  @Override
  public boolean drainListener(String name, boolean skipExit) {
    return CompletableFuture.supplyAsync(
            () -> parts.engine().drainListener(name, skipExit), parts.main())
        .join();
  }

  @Override
  public void drainEndpoint(String address) {
    CompletableFuture.runAsync(() -> parts.engine().drainEndpoint(address), parts.main()).join();
  }

  @Override
  public void reopenLogs() {
    logging.reopen();
    parts.main().execute(parts.logs()::reopen);
  }
}
