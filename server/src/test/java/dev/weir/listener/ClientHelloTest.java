package dev.weir.listener;

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

  @Test
  void nameAndProtocolsAreFound() throws Exception {
    assertEquals(
        new ClientHello.Complete("foo.example.com", List.of("h2", "http/1.1")),
        ClientHello.parse(hello("Foo.Example.COM", "h2", "http/1.1")));
  }

  @Test
  void bothMayBeMissing() throws Exception {
    assertEquals(new ClientHello.Complete("", List.of()), ClientHello.parse(hello("")));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 100})
  void aHelloMayBeSpreadOverManyRecords(int size) throws Exception {
    assertEquals(
        new ClientHello.Complete("a.example", List.of("h2")),
        ClientHello.parse(inRecordsOf(size, hello("a.example", "h2"))));
  }

  @Test
  void untilItsLastByteItIsIncomplete() throws Exception {
    var whole = inRecordsOf(50, hello("a.example", "h2"));
    for (int length = 0; length < whole.readableBytes(); length++) {
      assertInstanceOf(ClientHello.Incomplete.class, ClientHello.parse(whole.slice(0, length)));
    }
    assertInstanceOf(ClientHello.Complete.class, ClientHello.parse(whole));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\n", "S", "\u0016\u0002"})
  void otherProtocolsAreToldApartByTheirFirstBytes(String start) {
    var bytes = Unpooled.copiedBuffer(start, java.nio.charset.StandardCharsets.ISO_8859_1);
    assertEquals(new ClientHello.NotTls(), ClientHello.parse(bytes));
  }

  @Test
  void whatOnlyBeginsLikeAHelloIsMalformed() {
    var emptyRecord = Unpooled.buffer().writeByte(22).writeShort(0x0303).writeShort(0);
    assertEquals(new ClientHello.Malformed(), ClientHello.parse(emptyRecord));
    var serverHello = Unpooled.buffer().writeByte(22).writeShort(0x0303).writeShort(4);
    serverHello.writeByte(2).writeMedium(0);
    assertEquals(new ClientHello.Malformed(), ClientHello.parse(serverHello));
    var shortHello = Unpooled.buffer().writeByte(22).writeShort(0x0303).writeShort(4);
    shortHello.writeByte(1).writeMedium(0);
    assertEquals(new ClientHello.Malformed(), ClientHello.parse(shortHello));
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
      assertInstanceOf(ClientHello.class, ClientHello.parse(changed), "seed " + seed);
    }
  }
}
