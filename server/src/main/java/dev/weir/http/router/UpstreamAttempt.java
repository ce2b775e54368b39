package dev.weir.http.router;

import dev.weir.upstream.Cluster;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.http.ResetReason;
import dev.weir.upstream.http.UpstreamStream;
import org.jspecify.annotations.Nullable;

/// One attempt to have a request answered: first it waits for a stream, then it has one. Its worker
/// only.
final class UpstreamAttempt {
  private final Cluster cluster;
  private Runnable cancel = () -> {};
  private @Nullable UpstreamStream stream;
  private boolean over;
  private boolean sent;
  private boolean hedged;
  private boolean slow;
  private boolean deferred;
  private @Nullable Host unreachable;
  private long started;
  private long lastActive;
  private long readyAt;

  UpstreamAttempt(Cluster cluster, long now) {
    this.cluster = cluster;
    this.started = now;
    this.lastActive = now;
  }

  Cluster cluster() {
    return cluster;
  }

  /// How to give up waiting.
  void cancelledBy(Runnable task) {
    cancel = task;
  }

  /// It has a stream.
  void ready(UpstreamStream got, long now) {
    stream = got;
    readyAt = now;
    cancel = () -> {};
  }

  /// The stream; null while it waits.
  @Nullable UpstreamStream stream() {
    return stream;
  }

  /// Where it goes; null while it waits.
  @Nullable Host host() {
    return stream == null ? unreachable : stream.connection().host();
  }

  /// It gets no stream to this host.
  void unreachable(Host host) {
    unreachable = host;
  }

  /// Part of the request has gone to the host.
  void sent() {
    sent = true;
  }

  boolean hasSent() {
    return sent;
  }

  /// It has taken too long, and goes on.
  void slow() {
    tellSlow();
    slow = true;
  }

  /// Whether it has taken too long.
  boolean isSlow() {
    return slow;
  }

  /// Another attempt is made beside it.
  void hedge() {
    hedged = true;
  }

  /// Whether another attempt was made beside it.
  boolean isHedged() {
    return hedged;
  }

  /// Notes that its host has not answered in time.
  ///
  /// @param heard whether it has begun to
  void timedOut(boolean heard) {
    var host = host();
    if (!over && host != null) {
      host.counters().requestTimedOut();
      if (!heard) {
        tellSlow();
      }
    }
  }

  private void tellSlow() {
    var host = host();
    if (!slow && host != null) {
      host.monitor().connectTimedOut();
    }
  }

  /// Its host has answered. With gRPC, only the trailers say whether that went well.
  void succeeds(int status, boolean grpc) {
    var host = host();
    deferred = grpc && !isFailure(status);
    if (host != null && !isFailure(status) && !grpc) {
      host.counters().requestSucceeded();
    }
  }

  private static boolean isFailure(int status) {
    return status >= 500 && status < 600;
  }

  /// Whether the end of its answer is to say whether it went well.
  boolean isUndecided() {
    return deferred;
  }

  /// The end of an answer of gRPC has come.
  ///
  /// @param status as in HTTP
  void ended(int status) {
    var host = host();
    if (deferred && host != null) {
      deferred = false;
      if (status < 500) {
        host.counters().requestSucceeded();
      } else {
        host.counters().requestFailed();
      }
    }
  }

  /// What came of it is a fault of its host.
  void failed() {
    var host = host();
    if (host != null) {
      host.counters().requestFailed();
    }
  }

  /// Its time begins: the request has ended.
  void restart(long now) {
    started = now;
    lastActive = now;
  }

  void touch(long now) {
    lastActive = now;
  }

  long started() {
    return started;
  }

  long lastActive() {
    return lastActive;
  }

  /// When it got its stream.
  long readyAt() {
    return readyAt;
  }

  /// Whether nothing more is heard of it.
  boolean isOver() {
    return over;
  }

  /// It has ended by itself.
  void end() {
    over = true;
  }

  /// Gives it up.
  void abandon() {
    if (over) {
      return;
    }
    over = true;
    cancel.run();
    if (stream != null) {
      stream.reset(ResetReason.LOCAL_RESET);
    }
  }
}
