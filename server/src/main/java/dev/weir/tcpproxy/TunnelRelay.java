package dev.weir.tcpproxy;

import dev.weir.config.HttpProtocol;
import dev.weir.config.StateFactory;
import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.telemetry.CloseType;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.transport.Sockets;
import dev.weir.upstream.http.ResetReason;
import dev.weir.upstream.http.StreamListener;
import dev.weir.upstream.http.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// A client and the tunnel that its bytes go through, to the end of both. It is the handler of the
/// client's channel. Its worker only.
///
/// With HTTP/2 each side ends on its own: a FIN becomes END_STREAM and the other way round, a reset
/// RST_STREAM. With HTTP/1.1 one end is the end of both.
final class TunnelRelay extends ChannelInboundHandlerAdapter
    implements Session, StreamListener, ChannelFutureListener {
  private final Connection downstream;
  private final Channel client;
  private final UpstreamStream stream;
  private final boolean trailers;
  private final PumpMeter upload;
  private final PumpMeter download;
  private final Unsent unsent;
  private final @Nullable EarlyData early;
  private int batch;
  private int arrived;
  private boolean paused;
  private boolean uploadEnded;
  private boolean downloadEnded;
  private boolean downloadFinished;
  private boolean streamOver;

  /// @param stream whose host has agreed to the tunnel
  /// @param early what the client has sent already; null if nothing was read
  TunnelRelay(
      Connection downstream, UpstreamStream stream, TcpProxy proxy, @Nullable EarlyData early) {
    this.downstream = downstream;
    this.client = downstream.channel();
    this.stream = stream;
    var tunneling = proxy.tunneling();
    this.trailers = tunneling != null && tunneling.config().propagateTrailers();
    this.early = early;
    var record = downstream.record();
    var stats = proxy.stats();
    var counted =
        new PumpMeter.Upload(
            record, stats, stream.connection().stats(), early == null ? 0 : early.size());
    this.upload = new PumpMeter.IntoTunnel(counted, stats);
    this.download = new PumpMeter.OutOfTunnel(record, stats);
    this.unsent = new Unsent(client, download, downstream.worker(), downstream::touch);
  }

  @Override
  public void start() {
    stream.listener(this);
    client.pipeline().addLast(this);
    if (!client.isActive()) {
      downstream.close(CloseReason.PEER); // gone while the tunnel was being opened
      return;
    }
    if (early != null) {
      early.handOver();
    }
    if (!downstream.isClosed() && stream.isWritable()) {
      client.config().setAutoRead(true);
    }
  }

  @Override
  public boolean settle() {
    return unsent.settle(0);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var chunk = (ByteBuf) message;
    batch += chunk.readableBytes();
    stream.sendData(chunk, false); // which owns it from here
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    int read = batch;
    if (read > 0) {
      batch = 0;
      downstream.touch();
      upload.received(read);
      stream.flush();
    }
  }

  @Override
  public void onWritable(boolean writable) {
    if (paused == writable) {
      paused = !writable;
      upload.paused(paused);
      client.config().setAutoRead(writable);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    stream.read(client.isWritable());
    settle();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !uploadEnded) {
      uploadEnded = true;
      downstream.touch();
      if (halfCloses()) {
        stream.sendData(Unpooled.EMPTY_BUFFER, true);
        stream.flush();
      } else {
        stream.conclude();
      }
      if (!halfCloses() || downloadFinished) {
        downstream.close(CloseReason.PEER);
      }
    }
  }

  private boolean halfCloses() {
    return stream.protocol() == HttpProtocol.HTTP2;
  }

  @Override
  public void onHeaders(Http2Headers headers, boolean end) {} // The answer came before.

  @Override
  public void onData(ByteBuf data, boolean end) {
    arrived += data.readableBytes();
    client.write(data, client.voidPromise());
    if (end) {
      onReadComplete();
      endDownload();
    }
  }

  @Override
  public void onReadComplete() {
    int read = arrived;
    if (read > 0) {
      arrived = 0;
      downstream.touch();
      unsent.add(read);
      download.received(read);
      client.flush();
      unsent.flushed();
    }
  }

  @Override
  public void onTrailers(Http2Headers headers) {
    if (trailers) {
      downstream.filterState().set(StateFactory.TUNNEL_TRAILERS, Tunnel.kept(headers));
    }
    onReadComplete();
    endDownload();
  }

  private void endDownload() {
    if (!downloadEnded) {
      downloadEnded = true;
      downstream.touch();
      client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(this);
    }
  }

  /// All that the tunnel has brought is written to the client, or cannot be.
  @Override
  public void operationComplete(ChannelFuture flushed) {
    if (!flushed.isSuccess() || downstream.isClosed()) {
      return;
    }
    settle();
    downloadFinished = true;
    if (uploadEnded || streamOver || !halfCloses()) {
      downstream.close(CloseReason.PEER);
    } else {
      Sockets.shutdownOutput(client);
    }
  }

  @Override
  public void onReset(ResetReason reason) {
    streamOver = true;
    if (downstream.isClosed()) {
      return;
    }
    if (reason == ResetReason.REMOTE_RESET && !downloadEnded) {
      downstream.record().flag(ResponseFlag.UR);
      downstream.record().upstream().closeType(CloseType.REMOTE_RESET);
      downstream.record().closeType(CloseType.LOCAL_RESET);
      downstream.reset(CloseReason.PEER);
    } else if (downloadFinished) {
      downstream.close(CloseReason.PEER);
    } else {
      onReadComplete();
      endDownload();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (downstream.isClosed()) {
      return;
    }
    if (Sockets.isReset(cause)) {
      downstream.record().closeType(CloseType.REMOTE_RESET);
      downstream.reset(CloseReason.PEER);
    } else {
      downstream.close(CloseReason.PEER);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!downstream.isClosed()) {
      downstream.record().closeType(CloseType.REMOTE_RESET);
      downstream.reset(CloseReason.PEER);
    }
  }

  @Override
  public boolean onDownstreamClosed(CloseReason reason, boolean reset) {
    var localReason = reason.localReason();
    if (localReason != null) {
      downstream.record().upstream().localCloseReason(localReason);
    }
    settle();
    unsent.end();
    upload.close();
    download.close();
    var bytes = stream.bytes();
    downstream.record().upstream().addHeaderSent(bytes.headersSent());
    downstream.record().upstream().addHeaderReceived(bytes.headersReceived());
    boolean complete = uploadEnded && (downloadEnded || !halfCloses());
    if (!complete && !streamOver) {
      stream.reset(ResetReason.LOCAL_RESET);
    }
    return false;
  }

  @Override
  public void abandon() {} // The pool lets what is left in a tunnel go by itself.
}
