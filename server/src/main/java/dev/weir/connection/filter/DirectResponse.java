package dev.weir.connection.filter;

import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.connection.NetworkFilter;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;

/// `envoy.filters.network.direct_response`: answers at once, whatever the client wants, and closes.
/// Any worker.
public final class DirectResponse implements NetworkFilter {
  private final byte[] answer;

  /// @param hex the answer, in hexadecimal
  public DirectResponse(String hex) {
    this.answer = HexFormat.of().parseHex(hex);
  }

  @Override
  public void onNewConnection(Connection connection, Runnable next) {
    connection.record().codeDetails("direct_response");
    connection.record().addSent(answer.length);
    Discarding.begin(connection);
    connection
        .channel()
        .writeAndFlush(Unpooled.wrappedBuffer(answer))
        .addListener(_ -> connection.close(CloseReason.PEER));
  }
}
