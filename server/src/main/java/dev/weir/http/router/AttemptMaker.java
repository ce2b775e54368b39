package dev.weir.http.router;

import dev.weir.config.MetadataValue;
import dev.weir.config.StateFactory;
import dev.weir.config.StateValue;
import dev.weir.config.http.RouteAction;
import dev.weir.config.http.RouteAction.HostRewrite;
import dev.weir.connection.ConnectionInfo;
import dev.weir.http.filter.FilterStream;
import dev.weir.http.route.HeaderText;
import dev.weir.transport.DialOptions;
import dev.weir.transport.Introduction;
import dev.weir.transport.ProxyProtocolTransport;
import dev.weir.transport.TimerWheel;
import dev.weir.upstream.ClusterStats.Count;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.connect.ConnectOutcome;
import dev.weir.upstream.connect.UpstreamConnector;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.http.ResetReason;
import dev.weir.upstream.http.StreamOutcome;
import dev.weir.upstream.http.StreamRequest;
import dev.weir.upstream.http.UpstreamStream;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Makes the attempts of one request: picks a host, and asks for a stream to it. Its worker only.
final class AttemptMaker {
  private static final String APPLICATION_PROTOCOLS = StateFactory.APPLICATION_PROTOCOLS.key();

  private final FilterStream stream;
  private final Forwarding.Way way;
  private final Forwarding forwarding;
  private final PickRequest pick;
  private final List<Host> tried = new ArrayList<>(1);
  private final RouteAction.@Nullable Connect connect;

  AttemptMaker(
      FilterStream stream, Forwarding.Way way, @Nullable Long hash, Forwarding forwarding) {
    this.stream = stream;
    this.way = way;
    this.forwarding = forwarding;
    this.pick =
        new PickRequest(stream.connection().worker().index(), ThreadLocalRandom.current())
            .subset(way.choice().subset());
    if (hash != null) {
      pick.hash(hash);
    }
    this.connect = connect(stream, way.forward());
  }

  /// How the payload is passed on as plain TCP; null if the request is passed on as such.
  private static RouteAction.@Nullable Connect connect(
      FilterStream stream, RouteAction.Forward forward) {
    var upgrade = forward.upgrades().get("connect");
    var config = upgrade == null ? null : upgrade.connect();
    if (config == null) {
      return null;
    }
    var method = String.valueOf(stream.requestHeaders().method());
    boolean meant = method.equals("CONNECT") || (method.equals("POST") && config.allowPost());
    return meant ? config : null;
  }

  /// Makes one attempt; its outcome is told to the forwarding, perhaps at once.
  void make(UpstreamAttempt attempt) {
    if (connect != null) {
      tcp(attempt, connect);
      return;
    }
    var cluster = way.cluster();
    var host = pick();
    if (host == null) {
      cluster.stats().get(Count.UPSTREAM_CX_NONE_HEALTHY).increment();
      attempt.end();
      forwarding.noHost();
      return;
    }
    stream.record().upstream().attempt(host.facts());
    rewriteHost(host);
    var worker = stream.connection().worker();
    var pending =
        cluster
            .http()
            .newStream(worker, host, request(host), outcome -> onOutcome(attempt, host, outcome));
    if (pending != null) {
      attempt.cancelledBy(pending::cancel);
    }
  }

  private StreamRequest request(Host host) {
    return new StreamRequest(
        stream.protocol(),
        serverName(),
        way.forward().handling().highPriority(),
        offers(),
        introduction(host));
  }

  /// What a PROXY header is to tell the host of the client; null where none is sent.
  private @Nullable Introduction introduction(Host host) {
    if (!(way.cluster().transport(host) instanceof ProxyProtocolTransport)) {
      return null;
    }
    var connection = stream.connection();
    var told = connection.filterState().get(StateFactory.PROXY_PROTOCOL);
    return new Introduction(
        connection.info().remoteAddress(),
        connection.info().localAddress(),
        told instanceof StateValue.Tlvs tlvs ? tlvs.tlvs() : List.of());
  }

  /// What a filter wants to be offered by ALPN.
  private List<String> offers() {
    return switch (stream.record().filterState(APPLICATION_PROTOCOLS)) {
      case StateValue.Names names -> names.names();
      case StateValue.Offers offers when !keepsAlpn() -> {
        var spoken = way.cluster().http().protocol(stream.protocol());
        yield spoken == null ? List.of() : offers.byProtocol().getOrDefault(spoken, List.of());
      }
      case null, default -> List.of();
    };
  }

  /// Whether istiod says that the cluster is outside of the mesh.
  private boolean keepsAlpn() {
    return way.cluster().config().metadata().in("istio").get("alpn_override")
            instanceof MetadataValue.Text(var text)
        && text.equals("false");
  }

  private @Nullable Host pick() {
    var host = way.cluster().pick(pick);
    var rules = way.route().retry();
    if (rules != null && rules.config().otherHosts()) {
      for (long i = 1;
          host != null && tried.contains(host) && i < rules.config().hostPicks();
          i++) {
        host = way.cluster().pick(pick);
      }
    }
    if (host != null) {
      tried.add(host);
    }
    return host;
  }

  private void rewriteHost(Host host) {
    var rewrite = way.forward().host();
    if (rewrite.kind() instanceof HostRewrite.Kind.Auto && !host.hostname().isEmpty()) {
      Rewrites.replaceHost(stream.requestHeaders(), host.hostname(), rewrite.appendForwardedHost());
    }
  }

  private String serverName() {
    var header = way.cluster().config().http().sni().header();
    var told =
        header.isEmpty()
            ? null
            : HeaderText.first(stream.requestHeaders(), HeaderText.name(header));
    var authority = told == null ? String.valueOf(stream.requestHeaders().authority()) : told;
    int colon = authority.lastIndexOf(':');
    return colon > 0 && authority.indexOf(']', colon) < 0
        ? authority.substring(0, colon)
        : authority;
  }

  private void onOutcome(UpstreamAttempt attempt, Host host, StreamOutcome outcome) {
    if (attempt.isOver()) {
      if (outcome instanceof StreamOutcome.Ready(var late)) {
        late.reset(ResetReason.LOCAL_RESET);
      }
      return;
    }
    switch (outcome) {
      case StreamOutcome.Ready(UpstreamStream got) -> {
        var channel = got.connection().channel();
        stream
            .record()
            .upstream()
            .connected(got.connection().id(), channel.localAddress(), channel.remoteAddress());
        forwarding.ready(attempt, got);
      }
      case StreamOutcome.Overflow() -> {
        attempt.unreachable(host);
        forwarding.failed(attempt, ResetReason.OVERFLOW, null);
      }
      case StreamOutcome.Failed(var cause, var detail) -> {
        attempt.unreachable(host);
        stream.record().upstream().attemptFailed();
        if (detail != null) {
          stream.record().upstream().transportFailure(detail);
        }
        forwarding.failed(attempt, cause, detail);
      }
    }
  }

  private void tcp(UpstreamAttempt attempt, RouteAction.Connect config) {
    var connector = new UpstreamConnector(way.clusters());
    var worker = stream.connection().worker();
    var timer = new ConnectTimer();
    var upstream =
        connector.connect(
            way.cluster().config().name(),
            way.choice().subset(),
            new UpstreamConnector.Attempt(
                worker,
                pick,
                stream.record().upstream(),
                outcome -> {
                  worker.timers().disarm(timer);
                  onTcpOutcome(attempt, config, outcome);
                }));
    if (upstream == null) {
      return;
    }
    timer.expired = upstream::timedOut;
    worker.timers().arm(timer, worker.now() + upstream.timeoutMillis());
    attempt.cancelledBy(() -> {
      worker.timers().disarm(timer);
      upstream.close();
    });
    upstream.connect(DialOptions.to(upstream.host().hostname()));
  }

  private void onTcpOutcome(
      UpstreamAttempt attempt, RouteAction.Connect config, ConnectOutcome outcome) {
    switch (outcome) {
      case ConnectOutcome.Connected(var upstream) -> {
        var channel = upstream.channel();
        stream
            .record()
            .upstream()
            .connected(upstream.id(), channel.localAddress(), channel.remoteAddress());
        forwarding.ready(attempt, new TcpStream(upstream, preamble(config)));
      }
      case ConnectOutcome.NoCluster(), ConnectOutcome.NoHealthyHost() -> {
        attempt.end();
        forwarding.noHost();
      }
      case ConnectOutcome.Overflow(), ConnectOutcome.PendingOverflow _ ->
          forwarding.failed(attempt, ResetReason.OVERFLOW, null);
      case ConnectOutcome.NotBound(_, var reason) -> {
        stream.record().upstream().attemptFailed();
        stream.record().upstream().transportFailure(reason);
        forwarding.failed(attempt, ResetReason.LOCAL_CONNECTION_FAILURE, null);
      }
      case ConnectOutcome.Failed(_, var reason) -> {
        stream.record().upstream().attemptFailed();
        if (reason != null) {
          stream.record().upstream().transportFailure(reason);
        }
        forwarding.failed(
            attempt,
            reason == null ? ResetReason.CONNECTION_TIMEOUT : ResetReason.REMOTE_CONNECTION_FAILURE,
            null);
      }
    }
  }

  private @Nullable ByteBuf preamble(RouteAction.Connect config) {
    if (config.proxyProtocol() == 0) {
      return null;
    }
    ConnectionInfo info = stream.connection().info();
    return ProxyHeader.of(
        config.proxyProtocol(),
        stream.connection().channel().alloc(),
        info.remoteAddress(),
        info.localAddress());
  }

  /// Ends an attempt to connect that takes too long.
  private static final class ConnectTimer extends TimerWheel.Node {
    private Runnable expired = () -> {};

    @Override
    protected void fire() {
      expired.run();
    }
  }
}
