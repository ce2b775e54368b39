package dev.weir.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What every kind of channel promises to those who use it.
@ParameterizedClass
@EnumSource
class TransportTest {
  @Parameter
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Transport transport;

  private EventLoops loops;
  private ServerSocket server;

  @BeforeEach
  void start() throws IOException {
    Transports.assumeWork(transport);
    loops = EventLoops.start(1, transport, Clock.SYSTEM);
    server = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    if (transport.obstacle() == null) {
      loops.close();
      server.close();
    }
  }

  /// A connection to the server, which reads nothing by itself.
  private Channel connect(ChannelInboundHandlerAdapter handler) {
    var worker = loops.workers().getFirst();
    var remote = server.getLocalSocketAddress();
    var channel = worker.transport().newChannel(remote);
    new StreamOptions(1 << 20).apply(channel);
    channel.pipeline().addLast(handler);
    worker.loop().register(channel).syncUninterruptibly();
    channel.connect(remote).syncUninterruptibly();
    return channel;
  }

  private void inLoop(Runnable task) {
    CompletableFuture.runAsync(task, loops.workers().getFirst()::execute).join();
  }

  private static ByteBuf text(String text) {
    return Unpooled.copiedBuffer(text, US_ASCII);
  }

  @Test
  void whatIsFlushedBeforeACloseArrives() throws IOException {
    for (int i = 0; i < 50; i++) {
      var channel = connect(new ChannelInboundHandlerAdapter());
      try (var far = server.accept()) {
        inLoop(() -> {
          channel.writeAndFlush(text("one, "));
          channel.writeAndFlush(text("two, "));
          channel.writeAndFlush(text("three"));
          channel.close();
        });
        assertEquals("one, two, three", new String(far.getInputStream().readAllBytes(), US_ASCII));
      }
    }
  }

  @Test
  void aPeerThatTakesNothingDoesNotHoldUpAClose() throws IOException {
    var channel = connect(new ChannelInboundHandlerAdapter());
    try (var far = server.accept()) {
      inLoop(() -> channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[32 << 20])));
      channel.close().awaitUninterruptibly();
      assertTrue(far.getInputStream().readAllBytes().length < 32 << 20);
    }
  }

  @Test
  void theEndIsToldOfAfterTheReadBeforeIt() throws IOException {
    for (int i = 0; i < 20; i++) {
      var told = new ArrayList<String>();
      var ended = new CompletableFuture<List<String>>();
      var channel = connect(new Recorder(told, ended));
      try (var far = server.accept()) {
        far.getOutputStream().write('x');
        far.shutdownOutput();
        inLoop(() -> channel.config().setAutoRead(true));
        assertEquals(List.of("read", "complete", "end"), ended.join());
        channel.close().syncUninterruptibly();
      }
    }
  }

  /// More than both sockets hold, so that the channel has to wait for room.
  @Test
  void aPeerThatIsDoneSendingGetsAllThatIsWritten() throws Exception {
    int length = 30_000_000;
    server.setReceiveBufferSize(16 * 1024);
    var ended = new CompletableFuture<List<String>>();
    var channel = connect(new Recorder(new ArrayList<>(), ended));
    try (var far = server.accept()) {
      far.getOutputStream().write('x');
      far.shutdownOutput();
      inLoop(() -> channel.config().setAutoRead(true));
      ended.join();
      channel
          .writeAndFlush(Unpooled.wrappedBuffer(new byte[length]))
          .addListener(_ -> channel.close());
      assertEquals(length, far.getInputStream().readAllBytes().length);
    }
  }

  private static final class Recorder extends ChannelInboundHandlerAdapter {
    private final List<String> told;
    private final CompletableFuture<List<String>> ended;

    Recorder(List<String> told, CompletableFuture<List<String>> ended) {
      this.told = told;
      this.ended = ended;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ((ByteBuf) message).release();
      told.add("read");
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      if (told.size() == 1) { // a read that finds nothing is complete too, before and after
        told.add("complete");
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        told.add("end");
        ended.complete(List.copyOf(told));
      }
    }
  }

  /// More than both sockets hold, so that no further byte wakes a channel that has missed one.
  @Test
  void whatComesWhileNobodyReadsIsReadLater() throws Exception {
    int length = 30_000_000;
    var read = new CompletableFuture<String>();
    var channel = connect(new Collector(length, read));
    try (var far = server.accept()) {
      var sending = CompletableFuture.runAsync(() -> sendBytes(far, length));
      for (int i = 0; i < 2_000 && !read.isDone(); i++) { // on and off, as back-pressure does
        boolean on = i % 3 != 0;
        inLoop(() -> channel.config().setAutoRead(on));
        inLoop(() -> {
          channel.config().setAutoRead(false);
          channel.config().setAutoRead(on);
        });
      }
      inLoop(() -> channel.config().setAutoRead(true));
      assertEquals(length + " bytes in order", read.get(60, TimeUnit.SECONDS));
      sending.get();
      channel.close().syncUninterruptibly();
    }
  }

  private static void sendBytes(Socket to, int count) {
    try {
      byte[] next = new byte[25_600];
      for (int i = 0; i < next.length; i++) {
        next[i] = (byte) i;
      }
      for (int left = count; left > 0; left -= next.length) {
        to.getOutputStream().write(next, 0, Math.min(left, next.length));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Collector extends ChannelInboundHandlerAdapter {
    private final int expected;
    private final CompletableFuture<String> done;
    private int seen;

    Collector(int expected, CompletableFuture<String> done) {
      this.expected = expected;
      this.done = done;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      var bytes = (ByteBuf) message;
      byte[] copy = new byte[bytes.readableBytes()];
      bytes.readBytes(copy).release();
      for (byte b : copy) {
        if (b != (byte) seen++) {
          done.complete("byte " + (seen - 1) + " is another");
        }
      }
      if (seen == expected) {
        done.complete(seen + " bytes in order");
      }
    }
  }

  @Test
  void itIsAskedForByName() {
    withProperty(transport.toString(), _ -> assertEquals(transport, Transport.best()));
  }

  @Test
  void anUnknownNameIsRefused() {
    withProperty(
        "kqueue",
        _ ->
            assertEquals(
                "dev.weir.transport is none of epoll, io_uring and nio: 'kqueue'",
                assertThrows(IllegalArgumentException.class, Transport::best).getMessage()));
  }

  private static void withProperty(String value, Consumer<String> test) {
    var before = System.setProperty("dev.weir.transport", value);
    try {
      test.accept(value);
    } finally {
      if (before == null) {
        System.clearProperty("dev.weir.transport");
      } else {
        System.setProperty("dev.weir.transport", before);
      }
    }
  }
}
