package dev.weir.listener.inspect;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the first bytes of a connection are, seen as TLS (RFC 8446, sections 4.1.2 and 5.1; RFC
/// 6066, section 3; RFC 7301).
sealed interface ClientHello {

  /// It may become one.
  record Incomplete() implements ClientHello {}

  /// It is none.
  record NotTls() implements ClientHello {}

  /// It begins like one, and goes on otherwise.
  record Malformed() implements ClientHello {}

  /// It is one.
  ///
  /// @param serverName the SNI in lower case; empty without one
  /// @param applicationProtocols the ALPN list in the client's order; empty without one
  /// @param length in bytes, with the records' headers
  /// @param shape what fingerprints are made of; null where it was not asked for
  record Complete(
      String serverName, List<String> applicationProtocols, int length, @Nullable HelloShape shape)
      implements ClientHello {}

  /// Looks at all bytes so far, without moving the buffer's indexes.
  ///
  /// @param withShape whether to keep what fingerprints are made of
  static ClientHello parse(ByteBuf bytes, boolean withShape) {
    return new Parser(bytes.duplicate(), withShape).parse();
  }

  /// Reads one hello.
  final class Parser {
    private static final int HANDSHAKE_RECORD = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int MAX_RECORD = (1 << 14) + 256;
    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int SERVER_NAME = 0;
    private static final int ALPN = 16;

    private final ByteBuf records;
    private final int start;
    private final HelloShape.@Nullable Builder shape;
    private String serverName = "";
    private List<String> applicationProtocols = List.of();

    private Parser(ByteBuf records, boolean withShape) {
      this.records = records;
      this.start = records.readerIndex();
      this.shape = withShape ? new HelloShape.Builder() : null;
    }

    private ClientHello parse() {
      var message = Unpooled.buffer(records.readableBytes());
      while (!isWhole(message)) {
        if (!looksLikeHandshake()) {
          return new NotTls();
        }
        if (records.readableBytes() < RECORD_HEADER) {
          return new Incomplete();
        }
        int length = records.getUnsignedShort(records.readerIndex() + 3);
        if (length == 0 || length > MAX_RECORD) {
          return new Malformed();
        }
        records.skipBytes(RECORD_HEADER);
        message.writeBytes(records, Math.min(length, records.readableBytes()));
        if (message.isReadable() && message.getByte(0) != CLIENT_HELLO) {
          return new Malformed();
        }
      }
      return hello(message);
    }

    /// As far as there are bytes, they are those of a record with a handshake message of TLS.
    private boolean looksLikeHandshake() {
      int at = records.readerIndex();
      int have = records.readableBytes();
      return (have < 1 || records.getByte(at) == HANDSHAKE_RECORD)
          && (have < 2 || records.getByte(at + 1) == 3);
    }

    private static boolean isWhole(ByteBuf message) {
      return message.readableBytes() >= MESSAGE_HEADER
          && message.readableBytes() >= MESSAGE_HEADER + message.getUnsignedMedium(1);
    }

    private ClientHello hello(ByteBuf message) {
      int more = message.readableBytes() - MESSAGE_HEADER - message.getUnsignedMedium(1);
      try {
        message.skipBytes(1);
        var body = message.readSlice(message.readUnsignedMedium());
        int version = body.readUnsignedShort();
        body.skipBytes(32); // random
        body.skipBytes(body.readUnsignedByte()); // session id
        var cipherSuites = body.readSlice(body.readUnsignedShort());
        if (shape != null) {
          shape.start(version, cipherSuites);
        }
        body.skipBytes(body.readUnsignedByte()); // compression methods
        if (body.isReadable()) {
          extensions(body.readSlice(body.readUnsignedShort()));
        }
        return new Complete(
            serverName,
            applicationProtocols,
            records.readerIndex() - start - more,
            shape == null ? null : shape.build());
      } catch (IndexOutOfBoundsException _) {
        return new Malformed(); // a length points behind the end
      }
    }

    private void extensions(ByteBuf all) {
      while (all.isReadable()) {
        int type = all.readUnsignedShort();
        var extension = all.readSlice(all.readUnsignedShort());
        if (shape != null) {
          shape.extension(type, extension.duplicate());
        }
        switch (type) {
          case SERVER_NAME -> serverName = hostName(extension);
          case ALPN -> applicationProtocols = protocols(extension);
          default -> {}
        }
      }
    }

    private static String hostName(ByteBuf extension) {
      var names = extension.readSlice(extension.readUnsignedShort());
      while (names.isReadable()) {
        int type = names.readUnsignedByte();
        var name = names.readSlice(names.readUnsignedShort());
        if (type == 0) {
          return name.toString(StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        }
      }
      return "";
    }

    private static List<String> protocols(ByteBuf extension) {
      var list = extension.readSlice(extension.readUnsignedShort());
      var protocols = new ArrayList<String>(2);
      while (list.isReadable()) {
        protocols.add(
            list.readSlice(list.readUnsignedByte()).toString(StandardCharsets.ISO_8859_1));
      }
      return List.copyOf(protocols);
    }
  }
}
