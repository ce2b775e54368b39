package dev.weir.connection.filter;

import dev.weir.config.AuthzAnswer;
import dev.weir.config.AuthzAnswerDecoder;
import dev.weir.config.ExtAuthzConfig;
import dev.weir.config.MetadataValue;
import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.connection.NetworkFilter;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import dev.weir.upstream.call.GrpcAnswer;
import dev.weir.upstream.call.GrpcMethod;
import dev.weir.xds.decision.CheckQuestion;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `envoy.filters.network.ext_authz`: asks a service whether a connection may come in. Any worker.
///
/// It asks when the handshake is done, and before anything is connected to. Envoy waits for the
/// first byte, by when its `tcp_proxy` has connected.
public final class ExtAuthz implements NetworkFilter {
  private static final String NAMESPACE = "envoy.filters.network.ext_authz";
  private static final String DURATION = "ext_authz_duration";
  private static final double MILLIS = 1e6;

  private final ExtAuthzConfig config;
  private final Map<String, String> labels;
  private final GrpcMethod method;
  private final StatScope scope;
  private final Counter total;
  private final Counter ok;
  private final Counter denied;
  private final Counter error;
  private final Counter disabled;
  private final Counter failOpen;
  private final Counter closed;
  private final Gauge active;

  /// @param method that is asked
  /// @param labels of this gateway, which the service is told
  /// @param stats where it counts
  public ExtAuthz(
      ExtAuthzConfig config, GrpcMethod method, Map<String, String> labels, Stats stats) {
    this.config = config;
    this.method = method;
    this.labels = labels;
    this.scope = stats.scope("ext_authz." + config.statPrefix(), StatFamilies.EXT_AUTHZ);
    this.total = scope.counter("total");
    this.ok = scope.counter("ok");
    this.denied = scope.counter("denied");
    this.error = scope.counter("error");
    this.disabled = scope.counter("disabled");
    this.failOpen = scope.counter("failure_mode_allowed");
    this.closed = scope.counter("cx_closed");
    this.active = scope.gauge("active");
  }

  @Override
  public void onNewConnection(Connection connection, Runnable next) {
    var enabled = config.enabled();
    if (enabled != null
        && !enabled.test(connection.record().metadata(enabled.namespace(), enabled.path()))) {
      disabled.increment();
      next.run();
      return;
    }
    total.increment();
    long asked = System.nanoTime();
    Inquiry.begin(
        connection,
        method,
        question(connection).encode(),
        active,
        answer -> {
          var said =
              answer instanceof GrpcAnswer.Message(var bytes)
                  ? AuthzAnswerDecoder.decode(bytes)
                  : null;
          decide(connection, said, asked, next);
        });
  }

  private CheckQuestion question(Connection connection) {
    var info = connection.info();
    var told = config.told();
    var metadata = new HashMap<String, Map<String, @Nullable Object>>();
    for (var namespace : told.namespaces()) {
      var values = connection.record().metadata(namespace);
      if (!values.isEmpty()) {
        metadata.put(namespace, MetadataValue.plain(values));
      }
    }
    return new CheckQuestion(
        ConnectionEnds.source(info, "", told.certificate()),
        ConnectionEnds.destination(info, info.serverName(), labels),
        null,
        Map.of(),
        metadata,
        Map.of(),
        told.tlsSession() ? info.serverName() : null);
  }

  /// @param said null if the service could not be asked
  private void decide(
      Connection connection, @Nullable AuthzAnswer said, long asked, Runnable next) {
    if (said != null) {
      note(connection, said, asked);
    }
    switch (said) {
      case AuthzAnswer.Allowed _ -> {
        ok.increment();
        next.run();
      }
      case AuthzAnswer.Denied _ -> {
        denied.increment();
        refuse(connection, "ext_authz_denied", next);
      }
      case AuthzAnswer.Failed _ -> failed(connection, next);
      case null -> failed(connection, next);
    }
  }

  private static void note(Connection connection, AuthzAnswer said, long asked) {
    var metadata = new HashMap<>(said.metadata());
    if (said instanceof AuthzAnswer.Allowed) {
      metadata.put(
          DURATION, new MetadataValue.Numeric(Math.floor((System.nanoTime() - asked) / MILLIS)));
    }
    if (!metadata.isEmpty()) {
      connection.record().addMetadata(NAMESPACE, metadata);
    }
  }

  private void failed(Connection connection, Runnable next) {
    error.increment();
    if (config.failOpen()) {
      failOpen.increment();
      next.run();
    } else {
      refuse(connection, "ext_authz_error", next);
    }
  }

  private void refuse(Connection connection, String details, Runnable next) {
    if (config.shadow()) {
      next.run();
      return;
    }
    closed.increment();
    connection.record().flag(ResponseFlag.UAEX);
    connection.record().codeDetails(details);
    connection.close(CloseReason.EXT_AUTHZ);
  }

  @Override
  public void close() {
    scope.close();
  }
}
