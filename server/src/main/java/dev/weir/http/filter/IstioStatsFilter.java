package dev.weir.http.filter;

import dev.weir.http.Names;
import dev.weir.istio.IstioHttpStats;
import dev.weir.istio.IstioHttpStats.Amounts;
import io.netty.buffer.ByteBuf;

/// `istio.stats` among HTTP filters: reports each request once it has ended. Any worker.
final class IstioStatsFilter implements HttpFilterFactory {
  private final IstioHttpStats stats;

  IstioStatsFilter(IstioHttpStats stats) {
    this.stats = stats;
  }

  @Override
  public HttpFilter create(FilterStream stream) {
    var type = stream.requestHeaders().get(Names.CONTENT_TYPE);
    boolean grpc = type != null && type.toString().startsWith("application/grpc");
    var one = new One(stream, grpc);
    stream.record().atEnd(one::tell);
    return one;
  }

  @Override
  public void close() {
    stats.close();
  }

  private final class One implements HttpFilter {
    private final FilterStream stream;
    private final boolean grpc;
    private final GrpcMessages requests = new GrpcMessages();
    private final GrpcMessages responses = new GrpcMessages();

    One(FilterStream stream, boolean grpc) {
      this.stream = stream;
      this.grpc = grpc;
    }

    @Override
    public ByteBuf onRequestData(ByteBuf data, boolean end) {
      if (grpc) {
        requests.add(data);
      }
      return data;
    }

    @Override
    public ByteBuf onResponseData(ByteBuf data, boolean end) {
      if (grpc) {
        responses.add(data);
      }
      return data;
    }

    void tell() {
      var record = stream.record();
      var facts = stream.facts();
      stats.tell(
          record,
          new Amounts(
              record.bytesReceived() + facts.requestHeaderBytes(),
              record.bytesSent() + facts.responseHeaderBytes(),
              grpc ? requests.count() : -1,
              grpc ? responses.count() : -1));
    }
  }
}
