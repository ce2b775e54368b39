package dev.weir.listener.inspect;

import dev.weir.connection.Connection;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/// `envoy.filters.listener.http_inspector`: tells the versions of HTTP by the request line, or by
/// the preface of HTTP/2. Looks at plaintext only. Any worker.
final class HttpInspector implements Inspector {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_LINE = 64 * 1024;

  /// Method, target, and the version if there is one.
  private static final Pattern WORDS =
      Pattern.compile("[-!#$%&'*+.^_`|~0-9A-Za-z]+ +[^ ]+ *(HTTP/[0-9]\\.[0-9])? *\\r?");

  private static final String METHOD_SYMBOLS = "!#$%&'*+-.^_`|~";

  private final StatScope stats;

  HttpInspector(Stats stats) {
    this.stats = stats.scope("http_inspector", StatFamilies.HTTP_INSPECTOR);
  }

  @Override
  public Verdict inspect(ByteBuf sofar, Connection.Accepted connection) {
    if (connection.info().transportProtocol().equals("tls")) {
      return Verdict.DONE;
    }
    if (beginsWithPreface(sofar)) {
      return sofar.readableBytes() < PREFACE.length
          ? Verdict.MORE
          : found("http2_found", "h2c", connection);
    }
    int end = sofar.indexOf(sofar.readerIndex(), sofar.writerIndex(), (byte) '\n');
    if (end < 0) {
      return sofar.readableBytes() < LONGEST_LINE && mayBeRequest(sofar)
          ? Verdict.MORE
          : notFound();
    }
    int from = sofar.readerIndex();
    return judge(sofar.toString(from, end - from, StandardCharsets.ISO_8859_1), connection);
  }

  /// Without a version it is HTTP/0.9, which counts as 1.0, and so does every version but 1.1.
  private Verdict judge(String line, Connection.Accepted connection) {
    var words = WORDS.matcher(line);
    if (!words.matches()) {
      return notFound();
    }
    return "HTTP/1.1".equals(words.group(1))
        ? found("http11_found", "http/1.1", connection)
        : found("http10_found", "http/1.0", connection);
  }

  private static boolean beginsWithPreface(ByteBuf sofar) {
    int most = Math.min(PREFACE.length, sofar.readableBytes());
    for (int i = 0; i < most; i++) {
      if (sofar.getByte(sofar.readerIndex() + i) != PREFACE[i]) {
        return false;
      }
    }
    return true;
  }

  /// Whether what stands before the first space may be a method (RFC 9110, section 9.1).
  private static boolean mayBeRequest(ByteBuf sofar) {
    for (int i = sofar.readerIndex(); i < sofar.writerIndex(); i++) {
      int next = sofar.getByte(i);
      if (next == ' ') {
        return i > sofar.readerIndex();
      }
      if (!inMethod(next)) {
        return false;
      }
    }
    return true;
  }

  private static boolean inMethod(int next) {
    return (next >= 'A' && next <= 'Z')
        || (next >= 'a' && next <= 'z')
        || (next >= '0' && next <= '9')
        || METHOD_SYMBOLS.indexOf(next) >= 0;
  }

  private Verdict found(String counter, String protocol, Connection.Accepted connection) {
    stats.counter(counter).increment();
    connection.info().applicationProtocols(List.of(protocol));
    return Verdict.DONE;
  }

  private Verdict notFound() {
    stats.counter("http_not_found").increment();
    return Verdict.DONE;
  }

  @Override
  public void close() {
    stats.close();
  }
}
