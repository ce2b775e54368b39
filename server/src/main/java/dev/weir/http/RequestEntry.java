package dev.weir.http;

import dev.weir.config.http.RequestRules;
import dev.weir.config.http.RequestRules.StripPort;
import dev.weir.connection.Connection;
import dev.weir.connection.ConnectionInfo;
import dev.weir.http.filter.LocalReply;
import dev.weir.http.route.HeaderChanges;
import dev.weir.telemetry.ConnectionRecord;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is done to a request's head before anything else: it is checked, its path and host are
/// brought into form, and it is told who the client is. Immutable; any worker.
final class RequestEntry {
  private static final AsciiString CONNECT = AsciiString.cached("CONNECT");

  private final RequestRules config;
  private final ClientRules client;
  private final PathRules paths;
  private final RequestIds ids;
  private final Certificates certificates;
  private final HeaderChanges early;

  /// @param self by which this machine tells of itself
  RequestEntry(RequestRules config, InetAddress self) {
    this.config = config;
    this.client = new ClientRules(config.client(), self);
    this.paths = new PathRules(config.path());
    this.ids = new RequestIds(config.ids());
    this.certificates = new Certificates(config.certificate());
    this.early = HeaderChanges.of(config.early());
  }

  RequestIds ids() {
    return ids;
  }

  /// Whether a request is a CONNECT, of HTTP/1 or HTTP/2.
  static boolean isConnect(Http2Headers headers) {
    return CONNECT.contentEquals(headers.method());
  }

  /// Checks the head, and brings path and host into form.
  ///
  /// @return the answer, if that is all that comes of it; null to go on
  @Nullable LocalReply check(Http2Headers headers, ConnectionInfo info, HttpStats stats) {
    if (headers.authority() == null) {
      return LocalReply.of(400, "", "missing_host_header");
    }
    var path = headers.path();
    if (path == null || path.length() == 0) {
      return isConnect(headers) ? null : LocalReply.of(404, "", "missing_path_rejected");
    }
    if (path.charAt(0) != '/') {
      stats.counter("downstream_rq_non_relative_path").increment();
      return LocalReply.of(404, "", "absolute_path_rejected");
    }
    var refusal = path(headers, path.toString(), stats);
    if (refusal == null) {
      host(headers, info);
    }
    return refusal;
  }

  private @Nullable LocalReply path(Http2Headers headers, String path, HttpStats stats) {
    return switch (paths.apply(path)) {
      case PathRules.Result.Path(var next) -> {
        if (!next.equals(path)) {
          headers.path(next);
        }
        yield null;
      }
      case PathRules.Result.Refused() -> {
        stats.counter("downstream_rq_failed_path_normalization").increment();
        yield LocalReply.of(400, "", "path_normalization_failed");
      }
      case PathRules.Result.Redirect(var next) -> {
        stats.counter("downstream_rq_redirected_with_normalized_path").increment();
        yield LocalReply.of(307, "", "path_normalization_failed")
            .with(reply -> reply.set(Names.LOCATION, next));
      }
    };
  }

  private void host(Http2Headers headers, ConnectionInfo info) {
    var rules = config.host();
    if (rules.stripPort() == StripPort.NONE && !rules.stripTrailingDot()) {
      return;
    }
    var host = headers.authority().toString();
    int colon = host.lastIndexOf(':');
    var port = colon > 0 && host.indexOf(']', colon) < 0 ? host.substring(colon + 1) : null;
    var name = port == null ? host : host.substring(0, colon);
    if (rules.stripTrailingDot() && name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    boolean cut =
        port != null
            && (rules.stripPort() == StripPort.ANY
                || (rules.stripPort() == StripPort.MATCHING
                    && port.equals(Integer.toString(ConnectionInfo.port(info.localAddress())))));
    boolean keep = port != null && (!cut || isConnect(headers));
    headers.authority(keep ? name + ":" + port : name);
  }

  /// Removes what is between two neighbours only, and says who the client is.
  ///
  /// @param record of the request
  /// @param upgrade whether the client asks for another protocol
  ClientRules.Found enter(
      Http2Headers headers,
      Connection connection,
      ConnectionRecord record,
      boolean upgrade,
      List<String> internalOnly) {
    if (!upgrade) {
      headers.remove(Names.CONNECTION);
      headers.remove(Names.UPGRADE);
    }
    var te = headers.get(Names.TE);
    if (te != null) {
      if (te.toString().contains("trailers")) {
        headers.set(Names.TE, Names.TRAILERS);
      } else {
        headers.remove(Names.TE);
      }
    }
    headers.remove(Names.KEEP_ALIVE);
    headers.remove(Names.PROXY_CONNECTION);
    headers.remove(Names.TRANSFER_ENCODING);
    early.apply(headers, record);
    var found = client.apply(headers, connection, internalOnly);
    certificates.apply(headers, connection.info().tls());
    ids.apply(headers, found.edge());
    if (!config.server().via().isEmpty()) {
      ClientRules.appendVia(headers, config.server().via());
    }
    return found;
  }
}
