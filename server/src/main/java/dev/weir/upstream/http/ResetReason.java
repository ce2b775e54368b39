package dev.weir.upstream.http;

import dev.weir.telemetry.ResponseFlag;

/// Why a stream ended before its time, in Envoy's words.
public enum ResetReason {
  /// We gave up.
  LOCAL_RESET("local reset"),
  /// We gave up before the other side can have done anything.
  LOCAL_REFUSED_STREAM_RESET("local refused stream reset"),
  /// The host sent a RST_STREAM, or broke off in the middle of a response.
  REMOTE_RESET("remote reset"),
  /// The host has done nothing yet and will not: it is safe to try again.
  REMOTE_REFUSED_STREAM_RESET("remote refused stream reset"),
  /// There was no connection to be had on our side.
  LOCAL_CONNECTION_FAILURE("local connection failure"),
  /// The host refused the connection.
  REMOTE_CONNECTION_FAILURE("remote connection failure"),
  /// The host did not answer in time.
  CONNECTION_TIMEOUT("connection timeout"),
  /// The connection has ended.
  CONNECTION_TERMINATION("connection termination"),
  /// A limit of the cluster is reached.
  OVERFLOW("overflow"),
  /// What a CONNECT led to was reset: RST_STREAM with CONNECT_ERROR.
  CONNECT_ERROR("remote error with CONNECT request"),
  /// The other side does not speak HTTP as it should.
  PROTOCOL_ERROR("protocol error");

  private final String text;

  ResetReason(String text) {
    this.text = text;
  }

  /// What access logs say of it.
  public ResponseFlag flag() {
    return switch (this) {
      case LOCAL_RESET, LOCAL_REFUSED_STREAM_RESET -> ResponseFlag.LR;
      case REMOTE_RESET, REMOTE_REFUSED_STREAM_RESET, CONNECT_ERROR -> ResponseFlag.UR;
      case LOCAL_CONNECTION_FAILURE, REMOTE_CONNECTION_FAILURE, CONNECTION_TIMEOUT ->
          ResponseFlag.UF;
      case CONNECTION_TERMINATION -> ResponseFlag.UC;
      case OVERFLOW -> ResponseFlag.UO;
      case PROTOCOL_ERROR -> ResponseFlag.UPE;
    };
  }

  /// As it stands in the body of a local reply, behind `reset reason: `.
  public String text() {
    return text;
  }
}
