package dev.weir.upstream.health;

import dev.weir.config.HealthCheckConfig.Connections;
import dev.weir.transport.DialOptions;
import dev.weir.transport.Dialer;
import dev.weir.transport.TimerWheel;
import dev.weir.transport.UpstreamTransport;
import dev.weir.transport.Worker;
import dev.weir.upstream.health.ProbeOutcome.Failed;
import dev.weir.upstream.host.Host;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Asks a host over a connection of its own. The main loop says what to do; all else is its
/// worker's, and so is the time: it runs from where the worker has begun, and an answer that has
/// arrived by the time that the worker looks is in time.
final class ChannelProber extends TimerWheel.Node implements Prober, Dialogue.Answers {
  private static final System.Logger LOG = System.getLogger("hc");

  private final Line line;
  private final Host host;
  private final Dialogue.Maker dialogues;
  private final Listener listener;
  private @Nullable Channel channel;
  private @Nullable Dialogue dialogue;
  private boolean asking;
  private boolean goingAway;
  private int round;

  /// How connections are made.
  ///
  /// @param transports what is spoken with a host
  record Line(
      Worker worker,
      Dialer dialer,
      Function<Host, UpstreamTransport> transports,
      Duration timeout,
      Connections config) {
    Channel open(Host host, SocketAddress address) {
      var asked = DialOptions.to(host.hostname()).offering(config.alpnProtocols());
      return dialer.open(worker, address, transports.apply(host), asked);
    }
  }

  ChannelProber(Line line, Host host, Dialogue.Maker dialogues, Listener listener) {
    this.line = line;
    this.host = host;
    this.dialogues = dialogues;
    this.listener = listener;
  }

  @Override
  public void ask(int next) {
    line.worker.execute(() -> begin(next));
  }

  @Override
  public void stop() {
    line.worker.execute(() -> {
      settle();
      close();
    });
  }

  private void begin(int next) {
    round = next;
    asking = true;
    var open = channel;
    if (open != null && dialogue != null) {
      dialogue.ask(open);
    } else {
      try {
        connect();
      } catch (ChannelException | IllegalArgumentException _) {
        onAnswer(Failed.NETWORK, false);
      }
    }
    if (asking) {
      line.worker.timers().arm(this, line.worker.now() + line.timeout.toMillis());
    }
  }

  @Override
  protected void fire() {
    onAnswer(Failed.TIMEOUT, false);
  }

  private void settle() {
    asking = false;
    line.worker.timers().disarm(this);
  }

  private void connect() {
    var address = CheckAddress.of(host);
    var opened = line.open(host, address);
    opened.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    channel = opened;
    goingAway = false;
    var said = dialogues.make(this);
    dialogue = said;
    said.install(opened);
    opened.closeFuture().addListener(_ -> closed(opened));
    var connected = opened.newPromise();
    connected.addListener(done -> connected((ChannelFuture) done, said));
    line.dialer.connect(opened, address, connected);
  }

  @SuppressWarnings("ReferenceEquality") // a later connection is another one
  private void connected(ChannelFuture outcome, Dialogue said) {
    var opened = outcome.channel();
    if (opened != channel) {
      return; // given up in the meantime
    }
    if (!outcome.isSuccess()) {
      LOG.log(Level.DEBUG, () -> "cannot connect to " + host + ": " + outcome.cause());
      onAnswer(Failed.NETWORK, false);
      return;
    }
    opened.config().setAutoRead(true);
    said.ask(opened);
  }

  @Override
  public void onAnswer(ProbeOutcome outcome, boolean usable) {
    if (!asking) {
      return;
    }
    settle();
    if (!usable || goingAway || !line.config.reuse()) {
      close();
    }
    listener.onOutcome(round, outcome);
  }

  @Override
  public void onGoingAway() {
    goingAway = true;
    if (!asking) {
      close();
    }
  }

  @SuppressWarnings("ReferenceEquality") // a later connection is another one
  private void closed(Channel which) {
    if (which != channel) {
      return; // we have closed it
    }
    boolean missed = asking || (dialogue != null && dialogue.needsConnection());
    channel = null;
    dialogue = null;
    if (missed) {
      settle();
      listener.onOutcome(round, Failed.NETWORK);
    }
  }

  private void close() {
    var open = channel;
    channel = null;
    dialogue = null;
    if (open != null) {
      open.close();
    }
  }
}
