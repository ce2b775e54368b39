package dev.weir.http.router;

import dev.weir.http.Names;
import dev.weir.http.filter.FilterStream;
import dev.weir.http.route.MirrorTarget;
import dev.weir.upstream.Clusters;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// The copies of one request that go to others as well. Its worker only.
final class Mirrors {
  private final Clusters clusters;
  private final FilterStream stream;
  private final InetAddress self;
  private final List<Mirror> mirrors = new ArrayList<>(0);

  /// @param self by which this machine tells of itself
  Mirrors(Clusters clusters, FilterStream stream, InetAddress self) {
    this.clusters = clusters;
    this.self = self;
    this.stream = stream;
  }

  /// Sends copies of the head.
  ///
  /// @param timeout of the response, in milliseconds; 0 for none
  void begin(List<MirrorTarget> targets, Http2Headers headers, boolean end, long timeout) {
    for (int i = 0; i < targets.size(); i++) {
      var target = targets.get(i);
      var name = target.cluster(headers, stream.random());
      var cluster = name == null ? null : clusters.find(name);
      if (cluster == null) {
        continue;
      }
      var copy = new DefaultHttp2Headers(false).setAll(headers);
      copy.set(Names.INTERNAL, "true");
      var before = copy.get(Names.FORWARDED_FOR);
      var address = NetUtil.toAddressString(self);
      copy.set(Names.FORWARDED_FOR, before == null ? address : before + "," + address);
      target.edit(copy, stream.record());
      var mirror = new Mirror(stream.connection().worker(), cluster, copy, end);
      mirrors.add(mirror);
      mirror.begin(stream.protocol(), timeout);
    }
  }

  void data(ByteBuf data, boolean end) {
    for (int i = 0; i < mirrors.size(); i++) {
      mirrors.get(i).data(data.retainedDuplicate(), end);
    }
  }

  void trailers(Http2Headers trailers) {
    for (int i = 0; i < mirrors.size(); i++) {
      mirrors.get(i).trailers(trailers);
    }
  }

  void flush() {
    for (int i = 0; i < mirrors.size(); i++) {
      mirrors.get(i).flush();
    }
  }

  /// The request is over. Copies that are whole are still served.
  void destroy(boolean whole) {
    if (!whole) {
      mirrors.forEach(Mirror::cancel);
    }
    mirrors.clear();
  }
}
