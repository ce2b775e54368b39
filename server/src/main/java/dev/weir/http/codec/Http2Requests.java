package dev.weir.http.codec;

import dev.weir.config.HttpConnectionManagerConfig.Limits;
import dev.weir.http.codec.Http2Heads.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes requests of what Netty tells of streams. Its connection's worker only.
final class Http2Requests extends Http2EventAdapter {
  private final Http2Handler handler;
  private final CodecOwner owner;
  private final Http2Stats stats;
  private final Limits limits;
  private final Http2Heads heads;
  private final Http2Connection connection;
  private final Http2Connection.PropertyKey key;
  private final Set<Http2ServerStream> read = new LinkedHashSet<>();

  Http2Requests(Http2Handler handler, CodecOwner owner, Http2Handler.Options options) {
    this.handler = handler;
    this.owner = owner;
    this.stats = options.stats();
    this.limits = options.limits();
    this.heads = new Http2Heads(options.http2().allowConnect(), options.underscores(), stats);
    this.connection = handler.connection();
    this.key = connection.newKey();
  }

  private @Nullable Http2ServerStream find(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(key);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int id,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean end) {
    onHeadersRead(ctx, id, headers, padding, end);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) {
    var stream = connection.stream(id);
    if (stream == null || handler.isFailed()) {
      return;
    }
    var client = find(stream);
    if (client == null) {
      begin(stream, headers, end);
    } else if (!client.isOver()) {
      stats.trailers.increment();
      read.add(client);
      client.trailers(headers);
    }
  }

  private void begin(Http2Stream stream, Http2Headers headers, boolean end) {
    var client = open(stream);
    if (headers.size() > limits.headerCount()) {
      stats.headerOverflow.increment();
      reject(client, InvalidRequest.TOO_MANY_2);
      return;
    }
    switch (heads.check(headers)) {
      case Verdict.FINE -> {
        read.add(client);
        client.begin(owner.onStream(client), headers, end);
      }
      case Verdict.UNWANTED -> reject(client, InvalidRequest.UNDERSCORE_2);
      case Verdict.MALFORMED -> malformed(client);
    }
  }

  private Http2ServerStream open(Http2Stream stream) {
    var client = new Http2ServerStream(handler, stream);
    stream.setProperty(key, client);
    stats.streams.increment();
    return client;
  }

  /// A request that is not even looked at.
  private void reject(Http2ServerStream client, InvalidRequest why) {
    client.refused(owner.onStream(client), why);
    client.reject(Http2Error.INTERNAL_ERROR.code());
  }

  /// What a client sends is no request: its connection ends, unless only the stream is to.
  private void malformed(Http2ServerStream client) {
    stats.messagingError.increment();
    client.refused(owner.onStream(client), InvalidRequest.MESSAGING);
    if (handler.resetsMalformedStreams()) {
      client.reject(Http2Error.PROTOCOL_ERROR.code());
    } else {
      handler.fail(Http2Error.PROTOCOL_ERROR, InvalidRequest.MESSAGING.details());
    }
  }

  /// A head that cannot be read.
  ///
  /// @return whether it was one, and what there is to do is done
  boolean malformed(int id) {
    try {
      var stream = connection.stream(id);
      if (stream == null && connection.remote().isValidStreamId(id)) {
        stream = connection.remote().createStream(id, true);
      }
      if (stream == null || find(stream) != null) {
        return false;
      }
      malformed(open(stream));
      return true;
    } catch (Http2Exception _) {
      return false; // there are too many streams, or none may come any more
    }
  }

  /// A head that is larger than it may be.
  void tooLarge(Http2Stream stream) {
    if (find(stream) == null) {
      stats.headersTooLarge.increment();
      reject(open(stream), InvalidRequest.TOO_LARGE_2);
    }
  }

  @Override
  public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
    int bytes = data.readableBytes() + padding;
    var client = find(connection.stream(id));
    if (client == null || client.isOver()) {
      return bytes;
    }
    read.add(client);
    return client.data(data.retain(), bytes, end);
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long payload) {
    handler.onPingAnswered();
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
    stats.resetReceived.increment();
    var client = find(connection.stream(id));
    if (client != null) {
      client.cutOff(true);
    }
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    var client = find(stream);
    if (client != null) {
      stats.streams.decrement();
      client.cutOff(false);
    }
  }

  /// No more comes of what was read in one go.
  void readComplete() {
    if (!read.isEmpty()) {
      var all = List.copyOf(read);
      read.clear();
      all.forEach(Http2ServerStream::readComplete);
    }
  }

  void onWritable(Http2Stream stream, boolean writable) {
    var client = find(stream);
    if (client != null) {
      client.writable(writable);
    }
  }
}
