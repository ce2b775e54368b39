package dev.weir.xds.decision;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.weir.xds.Addresses;
import dev.weir.xds.Structs;
import dev.weir.xds.decision.CheckQuestion.Body;
import dev.weir.xds.decision.CheckQuestion.Headers;
import dev.weir.xds.decision.CheckQuestion.Peer;
import dev.weir.xds.decision.CheckQuestion.Request;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext.HttpRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes the message of a [CheckQuestion], with the fields that Envoy fills.
final class CheckMessages {
  private static final long MICROS = 1_000_000;

  private CheckMessages() {}

  static CheckRequest of(CheckQuestion question) {
    var attributes =
        AttributeContext.newBuilder()
            .setSource(peer(question.source()))
            .setDestination(peer(question.destination()))
            .putAllContextExtensions(question.contextExtensions())
            .setMetadataContext(metadata(question.metadata()));
    var request = question.request();
    if (request != null) {
      attributes
          .setRequest(request(request))
          .setRouteMetadataContext(metadata(question.routeMetadata()));
    }
    var serverName = question.serverName();
    if (serverName != null) {
      attributes.setTlsSession(AttributeContext.TLSSession.newBuilder().setSni(serverName));
    }
    return CheckRequest.newBuilder().setAttributes(attributes).build();
  }

  private static AttributeContext.Peer peer(Peer peer) {
    var message =
        AttributeContext.Peer.newBuilder()
            .setService(peer.service())
            .putAllLabels(peer.labels())
            .setPrincipal(peer.principal())
            .setCertificate(peer.certificate());
    var address = peer.address();
    if (address != null) {
      message.setAddress(Addresses.of(address));
    }
    return message.build();
  }

  private static Metadata metadata(Map<String, Map<String, @Nullable Object>> namespaces) {
    var metadata = Metadata.newBuilder();
    namespaces.forEach((name, values) -> metadata.putFilterMetadata(name, Structs.of(values)));
    return metadata.build();
  }

  private static AttributeContext.Request request(Request request) {
    var http =
        HttpRequest.newBuilder()
            .setId(request.id())
            .setMethod(request.method())
            .setPath(request.path())
            .setHost(request.host())
            .setScheme(request.scheme())
            .setProtocol(request.protocol())
            .setSize(request.size());
    headers(request.headers(), http);
    var body = request.body();
    if (body != null) {
      body(body, http);
    }
    return AttributeContext.Request.newBuilder()
        .setTime(
            Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(request.startMicros(), MICROS))
                .setNanos((int) Math.floorMod(request.startMicros(), MICROS) * 1000))
        .setHttp(http)
        .build();
  }

  private static void headers(Headers headers, HttpRequest.Builder http) {
    if (headers.raw()) {
      var list = http.getHeaderMapBuilder();
      for (var header : headers.list()) {
        list.addHeadersBuilder()
            .setKey(header.name())
            .setRawValue(ByteString.copyFrom(header.value().getBytes(StandardCharsets.ISO_8859_1)));
      }
      return;
    }
    var byName = new TreeMap<String, String>();
    for (var header : headers.list()) {
      byName.merge(header.name(), header.value(), (one, more) -> one + "," + more);
    }
    byName.forEach((name, value) ->
        http.putHeaders(name, text(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)))));
  }

  private static void body(Body body, HttpRequest.Builder http) {
    if (body.raw()) {
      http.setRawBody(ByteString.copyFrom(body.bytes().slice()));
    } else {
      http.setBody(text(body.bytes()));
    }
  }

  /// A text field has to be UTF-8. As with Envoy, each byte of what is none becomes a `!`.
  private static String text(ByteBuffer bytes) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    try {
      return decoder.decode(bytes.slice()).toString();
    } catch (CharacterCodingException _) {
      return mended(bytes);
    }
  }

  private static String mended(ByteBuffer bytes) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var in = bytes.slice();
    var out = CharBuffer.allocate(bytes.remaining());
    while (in.hasRemaining()) {
      var result = decoder.decode(in, out, true);
      if (result.isError()) {
        for (int i = 0; i < result.length(); i++) {
          in.get();
          out.put('!');
        }
      }
    }
    return out.flip().toString();
  }
}
