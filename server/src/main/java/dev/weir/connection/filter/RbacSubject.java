package dev.weir.connection.filter;

import dev.weir.config.MatchInput;
import dev.weir.config.http.HeaderMatch;
import dev.weir.connection.Connection;
import dev.weir.connection.ConnectionInfo;
import dev.weir.connection.match.ConnectionFacts;
import dev.weir.connection.match.MatchFacts;
import dev.weir.telemetry.ConnectionRecord;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// Who wants to come in: a connection, or a request on one. Its worker only.
public interface RbacSubject extends MatchFacts {
  /// What is known of the connection.
  ConnectionInfo info();

  /// What is noted of it.
  ConnectionRecord record();

  /// Who the client is, whatever proxies stand between.
  SocketAddress remote();

  /// Whether a header is as wanted.
  boolean header(HeaderMatch match);

  /// The path without its query; null where there is none.
  @Nullable String path();

  @Override
  default @Nullable String text(MatchInput input) {
    return new ConnectionFacts(info(), record()).text(input);
  }

  /// A connection: it has neither headers nor a path.
  record Plain(ConnectionInfo info, ConnectionRecord record) implements RbacSubject {
    static Plain of(Connection connection) {
      return new Plain(connection.info(), connection.record());
    }

    @Override
    public SocketAddress remote() {
      return info.remoteAddress();
    }

    @Override
    public boolean header(HeaderMatch match) {
      return switch (match.rule()) {
        case HeaderMatch.Rule.Present(boolean expected) ->
            (match.missingIsEmpty() == expected) != match.invert();
        case HeaderMatch.Rule.Text(var text) ->
            match.missingIsEmpty() && text.test("") != match.invert();
        case HeaderMatch.Rule.Range _ -> false;
      };
    }

    @Override
    public @Nullable String path() {
      return null;
    }
  }
}
