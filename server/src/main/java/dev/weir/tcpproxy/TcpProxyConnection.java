package dev.weir.tcpproxy;

import dev.weir.config.AccessLogType;
import dev.weir.config.StateFactory;
import dev.weir.config.TcpProxyConfig.ConnectMode;
import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.connection.Terminal;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.transport.TimerWheel;
import dev.weir.transport.tls.TlsFacts;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.ClusterStats.Count;
import dev.weir.upstream.OnDemandClusters;
import dev.weir.upstream.OnDemandClusters.Discovery;
import dev.weir.upstream.balance.Hashes;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.connect.ConnectOutcome;
import dev.weir.upstream.connect.TcpUpstream;
import dev.weir.upstream.connect.UpstreamConnector;
import dev.weir.upstream.http.UpstreamStream;
import io.netty.channel.Channel;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The life of one proxied connection: connecting, perhaps again and again; relaying; closed. It is
/// itself the one timer that the connection has. Its worker only.
final class TcpProxyConnection extends TimerWheel.Node
    implements Terminal, TcpUpstream.Waiter, Tunnel.Waiter {

  /// What it is doing.
  private sealed interface Phase {
    /// Waiting for the next attempt.
    record Pausing(long until) implements Phase {}

    /// Waiting for an attempt to end.
    record Connecting(Attempt attempt, long until) implements Phase {}

    /// Moving bytes.
    record Relaying(Session session) implements Phase {}

    /// The client is gone, and the upstream has yet to take what it sent.
    record Flushing(Session session) implements Phase {}

    /// Over.
    record Closed() implements Phase {}
  }

  private static final Phase BETWEEN = new Phase.Pausing(TimerWheel.NEVER);
  private static final Phase CLOSED = new Phase.Closed();

  private final TcpProxy proxy;
  private final Connection downstream;
  private final Deadlines deadlines;
  private final PickRequest pick;
  private @Nullable EarlyData early;
  private TargetPicker.@Nullable Choice latest;
  private boolean asked;
  private Phase phase = BETWEEN;
  private int attempts;

  TcpProxyConnection(TcpProxy proxy, Connection downstream) {
    this.proxy = proxy;
    this.downstream = downstream;
    this.deadlines =
        new Deadlines(
            proxy.config(),
            downstream.filterState().number(StateFactory.IDLE_TIMEOUT_MILLIS),
            downstream.worker().now());
    this.pick =
        new PickRequest(downstream.worker().index(), ThreadLocalRandom.current())
            .subject(downstream);
    var text =
        HashInput.of(
            proxy.config().hashPolicy(), downstream.info(), downstream.record()::filterState);
    if (text != null) {
      pick.hash(Hashes.xx64(text));
    }
  }

  void start() {
    proxy.stats().connections.increment();
    if (proxy.config().accessLogs().onStart()) {
      downstream.record().log(AccessLogType.TCP_CONNECTION_START);
    }
    var opening = proxy.config().opening();
    boolean waits = opening.connect() == ConnectMode.ON_DOWNSTREAM_DATA;
    enter(BETWEEN);
    if (opening.maxEarlyData() >= 0
        || downstream.filterState().flag(StateFactory.RECEIVE_BEFORE_CONNECT)) {
      early =
          new EarlyData(
              downstream,
              proxy.stats(),
              Math.max(0, opening.maxEarlyData()),
              waits ? this::attempt : () -> {});
      early.start();
    }
    if (!waits && !downstream.isClosed()) {
      attempt();
    }
  }

  private void attempt() {
    asked = false;
    attempt(proxy.targets().pick(downstream.record(), ThreadLocalRandom.current()));
  }

  private void attempt(TargetPicker.Choice choice) {
    attempts++;
    latest = choice;
    var attempt = prepare(choice);
    if (attempt != null) {
      long timeout = attempt.timeoutMillis();
      boolean limited = timeout != TimerWheel.NEVER;
      enter(new Phase.Connecting(attempt, limited ? now() + timeout : TimerWheel.NEVER));
      attempt.begin();
    }
  }

  /// An attempt that may begin; null if its outcome is known already, and was told.
  private @Nullable Attempt prepare(TargetPicker.Choice choice) {
    var record = downstream.record().upstream();
    var made = new UpstreamConnector.Attempt(downstream.worker(), pick, record, this);
    var tunneling = proxy.tunneling();
    if (tunneling == null || downstream.filterState().flag(StateFactory.DISABLE_TUNNELING.key())) {
      var upstream = proxy.connector().connect(choice.cluster(), choice.subset(), made);
      return upstream == null
          ? null
          : new Attempt.Direct(upstream, proxy.introductions().of(downstream, upstream.host()));
    }
    var target = proxy.connector().find(choice.cluster(), choice.subset(), made);
    if (target == null) {
      return null;
    }
    var asked = proxy.introductions().of(downstream, target.host());
    return new Tunnel(tunneling, downstream, target, asked, this);
  }

  @Override
  public void onDial() {
    if (phase instanceof Phase.Connecting(Attempt.Direct direct, _)) {
      enter(new Phase.Connecting(direct, now() + direct.upstream().timeoutMillis()));
    }
  }

  private void enter(Phase next) {
    phase = next;
    arm();
  }

  @Override
  public void onOutcome(ConnectOutcome outcome) {
    phase = BETWEEN;
    if (outcome instanceof ConnectOutcome.NoCluster && discover()) {
      return;
    }
    var flag = outcome.flag();
    if (flag != null) {
      downstream.record().flag(flag);
    }
    switch (outcome) {
      case ConnectOutcome.Connected(var upstream) -> relay(upstream);
      case ConnectOutcome.Failed(var cluster, var reason) -> failed(cluster, reason, outcome);
      case ConnectOutcome.NotBound(var cluster, var reason) -> failed(cluster, reason, outcome);
      case ConnectOutcome.PendingOverflow(var cluster) -> retry(cluster, outcome);
      case ConnectOutcome.NoCluster _ -> noRoute(outcome);
      case ConnectOutcome.NoHealthyHost _, ConnectOutcome.Overflow _ ->
          downstream.close(closeReason(outcome));
    }
  }

  private void failed(Cluster cluster, @Nullable String reason, ConnectOutcome outcome) {
    var record = downstream.record().upstream();
    record.attemptFailed();
    if (reason != null) {
      record.transportFailure(reason);
    }
    retry(cluster, outcome);
  }

  private void noRoute(ConnectOutcome outcome) {
    proxy.stats().noRoute.increment();
    downstream.close(closeReason(outcome));
  }

  /// Asks for the cluster, where that is configured.
  ///
  /// @return whether it does
  private boolean discover() {
    var onDemand = proxy.config().opening().onDemand();
    var choice = latest;
    if (onDemand == null || choice == null || asked) {
      return false;
    }
    asked = true;
    attempts--;
    proxy.stats().onDemand.attempt();
    enter(BETWEEN);
    var question =
        new OnDemandClusters.Question(choice.cluster(), onDemand.source(), onDemand.timeout());
    proxy.onDemand().find(question, downstream.worker()::execute, this::onDiscovery);
    return true;
  }

  private void onDiscovery(Discovery discovery) {
    if (downstream.isClosed()) {
      return;
    }
    proxy.stats().onDemand.count(discovery);
    if (discovery == Discovery.AVAILABLE && latest != null) {
      attempt(latest);
    } else {
      onOutcome(new ConnectOutcome.NoCluster());
    }
  }

  /// What the client's connection is closed with if this was the last attempt. The misspelling is
  /// Envoy's, and log processors know it.
  private static CloseReason closeReason(ConnectOutcome outcome) {
    return switch (outcome) {
      case ConnectOutcome.Connected _ -> CloseReason.PEER;
      case ConnectOutcome.PendingOverflow _, ConnectOutcome.Failed _, ConnectOutcome.NotBound _ ->
          new CloseReason("tcp_initializion_failure:0");
      case ConnectOutcome.NoHealthyHost _ -> new CloseReason("tcp_initializion_failure:1");
      case ConnectOutcome.Overflow _ -> new CloseReason("tcp_initializion_failure:2");
      case ConnectOutcome.NoCluster _ -> new CloseReason("tcp_initializion_failure:3");
    };
  }

  @Override
  public void onHostLost(TcpUpstream upstream) {
    if (phase instanceof Phase.Relaying(Relay relay)) {
      relay.onHostLost();
    } else if (phase instanceof Phase.Flushing(var session)) {
      phase = CLOSED;
      session.abandon();
      arm();
    }
  }

  private void relay(TcpUpstream upstream) {
    connected(upstream.id(), upstream.channel());
    boolean checksDrain = proxy.config().opening().checkDrain();
    run(new Relay(downstream, upstream, proxy.stats(), early, checksDrain));
  }

  @Override
  public void onTunnel(UpstreamStream stream) {
    connected(stream.connection().id(), stream.connection().channel());
    run(new TunnelRelay(downstream, stream, proxy, early));
  }

  private void connected(long id, Channel channel) {
    var record = downstream.record();
    record.upstream().connected(id, channel.localAddress(), channel.remoteAddress());
    TlsFacts.tell(channel, record.upstream());
    if (proxy.config().accessLogs().onConnected()) {
      record.log(AccessLogType.TCP_UPSTREAM_CONNECTED);
    }
  }

  private void run(Session session) {
    early = null;
    enter(new Phase.Relaying(session));
    session.start();
  }

  private void retry(Cluster cluster, ConnectOutcome outcome) {
    downstream.touch(); // as in Envoy, each attempt has the idle timeout anew
    if (attempts >= proxy.config().attempts().max()) {
      cluster.stats().get(Count.UPSTREAM_CX_CONNECT_ATTEMPTS_EXCEEDED).increment();
      downstream.record().flag(ResponseFlag.URX);
      downstream.close(closeReason(outcome));
      return;
    }
    long pause = Deadlines.pause(proxy.config().attempts(), attempts);
    if (pause > 0) {
      enter(new Phase.Pausing(now() + pause));
    } else {
      var waiting = new Phase.Pausing(TimerWheel.NEVER);
      enter(waiting);
      // A turn of the loop between two attempts: others live here too.
      downstream.worker().execute(() -> endPause(waiting));
    }
  }

  @SuppressWarnings("ReferenceEquality") // a later pause is another one
  private void endPause(Phase pausing) {
    if (phase == pausing) {
      attempt();
    }
  }

  @Override
  public void onClose(CloseReason reason, boolean reset) {
    var last = phase;
    phase = CLOSED;
    switch (last) {
      case Phase.Relaying(var session) -> {
        if (session.onDownstreamClosed(reason, reset)) {
          phase = new Phase.Flushing(session);
        }
      }
      case Phase.Connecting(var attempt, _) -> attempt.cancel(downstream.record());
      case Phase.Pausing _, Phase.Flushing _, Phase.Closed _ -> {}
    }
    arm();
  }

  private void arm() {
    downstream.worker().timers().arm(this, nextDeadline());
  }

  private long nextDeadline() {
    long idle = deadlines.idle(downstream.lastActive());
    return switch (phase) {
      case Phase.Pausing(var until) -> Math.min(until, Math.min(idle, deadlines.next()));
      case Phase.Connecting(_, var until) -> Math.min(until, Math.min(idle, deadlines.next()));
      case Phase.Relaying _ -> Math.min(idle, deadlines.next());
      case Phase.Flushing _ -> idle;
      case Phase.Closed _ -> TimerWheel.NEVER;
    };
  }

  @Override
  protected void fire() {
    long now = now();
    if (hasWritten()) {
      downstream.touch();
    }
    if (phase instanceof Phase.Flushing(var session)) {
      giveUp(session, now);
    } else if (deadlines.maxDuration() <= now) {
      proxy.stats().maxDuration.increment();
      downstream.record().flag(ResponseFlag.DT);
      downstream.close(CloseReason.MAX_DURATION);
    } else if (deadlines.idle(downstream.lastActive()) <= now) {
      proxy.stats().idleTimeout.increment();
      downstream.close(CloseReason.IDLE);
    } else if (phase instanceof Phase.Connecting(var attempt, var until) && until <= now) {
      attempt.timedOut();
    } else if (phase instanceof Phase.Pausing(var until) && until <= now) {
      attempt();
    } else if (deadlines.periodicLogDue(now)) {
      downstream.record().log(AccessLogType.TCP_PERIODIC);
    }
    arm();
  }

  /// A peer that takes slowly what was read long ago is not idle.
  private boolean hasWritten() {
    return switch (phase) {
      case Phase.Relaying(var session) -> session.settle();
      case Phase.Flushing(var session) -> session.settle();
      case Phase.Pausing _, Phase.Connecting _, Phase.Closed _ -> false;
    };
  }

  private void giveUp(Session flushing, long now) {
    if (deadlines.idle(downstream.lastActive()) <= now) {
      phase = CLOSED;
      flushing.abandon();
    }
  }

  private long now() {
    return downstream.worker().now();
  }
}
