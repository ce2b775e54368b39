package dev.weir.listener.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The hellos are those of the JDK's TLS client.
class ClientHelloTest {

  private static ByteBuf hello(String serverName, String... protocols) throws Exception {
    var engine = SSLContext.getDefault().createSSLEngine();
    engine.setUseClientMode(true);
    var parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    if (!serverName.isEmpty()) {
      parameters.setServerNames(List.of(new SNIHostName(serverName)));
    }
    engine.setSSLParameters(parameters);
    return wrap(engine);
  }

  private static ByteBuf wrap(SSLEngine engine) throws Exception {
    var out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    return Unpooled.wrappedBuffer(out.flip());
  }

  /// The same handshake message in records of so many bytes.
  private static ByteBuf inRecordsOf(int size, ByteBuf hello) {
    var cut = Unpooled.buffer();
    var message = hello.slice(5, hello.readableBytes() - 5);
    while (message.isReadable()) {
      int length = Math.min(size, message.readableBytes());
      cut.writeByte(22).writeShort(0x0301).writeShort(length).writeBytes(message, length);
    }
    return cut;
  }

  private static ClientHello parse(ByteBuf bytes) {
    return ClientHello.parse(bytes, false);
  }

  private static ClientHello.Complete complete(
      ByteBuf bytes, String serverName, String... protocols) {
    return new ClientHello.Complete(serverName, List.of(protocols), bytes.readableBytes(), null);
  }

  @Test
  void nameAndProtocolsAreFound() throws Exception {
    var hello = hello("Foo.Example.COM", "h2", "http/1.1");
    assertEquals(complete(hello, "foo.example.com", "h2", "http/1.1"), parse(hello));
  }

  @Test
  void bothMayBeMissing() throws Exception {
    var hello = hello("");
    assertEquals(complete(hello, ""), parse(hello));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 100})
  void aHelloMayBeSpreadOverManyRecords(int size) throws Exception {
    var hello = inRecordsOf(size, hello("a.example", "h2"));
    assertEquals(complete(hello, "a.example", "h2"), parse(hello));
  }

  @Test
  void untilItsLastByteItIsIncomplete() throws Exception {
    var whole = inRecordsOf(50, hello("a.example", "h2"));
    for (int length = 0; length < whole.readableBytes(); length++) {
      assertInstanceOf(ClientHello.Incomplete.class, parse(whole.slice(0, length)));
    }
    assertInstanceOf(ClientHello.Complete.class, parse(whole));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\n", "S", "\u0016\u0002"})
  void otherProtocolsAreToldApartByTheirFirstBytes(String start) {
    var bytes = Unpooled.copiedBuffer(start, java.nio.charset.StandardCharsets.ISO_8859_1);
    assertEquals(new ClientHello.NotTls(), parse(bytes));
  }

  @Test
  void whatOnlyBeginsLikeAHelloIsMalformed() {
    var emptyRecord = Unpooled.buffer().writeByte(22).writeShort(0x0303).writeShort(0);
    assertEquals(new ClientHello.Malformed(), parse(emptyRecord));
    var serverHello = Unpooled.buffer().writeByte(22).writeShort(0x0303).writeShort(4);
    serverHello.writeByte(2).writeMedium(0);
    assertEquals(new ClientHello.Malformed(), parse(serverHello));
    var shortHello = Unpooled.buffer().writeByte(22).writeShort(0x0303).writeShort(4);
    shortHello.writeByte(1).writeMedium(0);
    assertEquals(new ClientHello.Malformed(), parse(shortHello));
  }

  @Test
  void noBytesMakeTheParserFail() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var good = hello("a.example", "h2");
    for (int i = 0; i < 20_000; i++) {
      var bytes = good.copy();
      for (int flips = random.nextInt(6); flips >= 0; flips--) {
        bytes.setByte(random.nextInt(bytes.readableBytes()), random.nextInt(256));
      }
      var changed = bytes.slice(0, random.nextInt(bytes.readableBytes() + 1));
      assertInstanceOf(ClientHello.class, ClientHello.parse(changed, true), "seed " + seed);
    }
  }
}
