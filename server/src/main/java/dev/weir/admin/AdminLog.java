package dev.weir.admin;

import dev.weir.config.HttpProtocol;
import dev.weir.http.RequestFacts;
import dev.weir.telemetry.AccessLogGroup;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.TimeSource;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.net.InetSocketAddress;
import java.util.Locale;

/// The access log of the admin interface (`admin.access_log`): a line for each request. On the
/// interface's loop.
final class AdminLog {
  private static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");

  private final AccessLogGroup logs;
  private final TimeSource time;
  private long connections;

  AdminLog(AccessLogGroup logs, TimeSource time) {
    this.logs = logs;
    this.time = time;
  }

  /// A client has connected.
  ConnectionRecord connected(Channel client) {
    var record = new ConnectionRecord(connections++, time);
    record.socket(client.localAddress(), client.remoteAddress());
    return record;
  }

  /// A request has come.
  Entry begin(ConnectionRecord connection, HttpRequest request) {
    return new Entry(new ConnectionRecord(connection), request);
  }

  /// One request, from its head to the end of the answer.
  final class Entry {
    private final ConnectionRecord record;
    private final RequestFacts facts;

    private Entry(ConnectionRecord record, HttpRequest request) {
      this.record = record;
      this.facts = new RequestFacts(time.nanos(), HttpProtocol.HTTP1);
      facts.request(head(request, record));
      record.http(facts);
      record.filterLogs(logs);
    }

    /// Some of its body has come, in bytes.
    void received(int bytes) {
      record.addReceived(bytes);
    }

    /// All of it has come.
    void requestEnded() {
      facts.requestEnded(time.nanos());
    }

    /// It has been answered: writes the line.
    ///
    /// @param sent bytes of the body, also where the client asked for the head alone
    void end(HttpResponse response, long sent) {
      facts.response(copy(response.headers()), response.status().code());
      facts.details("admin_filter_response");
      record.addSent(sent);
      record.close();
    }
  }

  /// With what Envoy's admin interface adds: who asks.
  private static Http2Headers head(HttpRequest request, ConnectionRecord record) {
    var head = copy(request.headers());
    if (record.remoteAddress() instanceof InetSocketAddress client) {
      var before = head.get(FORWARDED_FOR);
      var ip = client.getAddress().getHostAddress();
      head.set(FORWARDED_FOR, before == null ? ip : before + "," + ip);
    }
    head.method(request.method().asciiName());
    head.path(request.uri());
    var host = request.headers().get(HttpHeaderNames.HOST);
    if (host != null) {
      head.authority(host);
    }
    return head;
  }

  private static Http2Headers copy(HttpHeaders headers) {
    var copy = new DefaultHttp2Headers(false);
    for (var header : headers) {
      copy.add(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
    }
    return copy;
  }
}
