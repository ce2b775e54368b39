package dev.weir.config;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.config.AuthzAnswer.Edits;
import dev.weir.config.AuthzAnswer.Header;
import dev.weir.config.AuthzAnswer.Parameter;
import dev.weir.config.AuthzAnswer.Refusal;
import dev.weir.config.AuthzAnswer.Way;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerCheckResponse;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads what an authorization service answers (`envoy.service.auth.v3.CheckResponse`).
public final class AuthzAnswerDecoder {
  private static final List<Way> ORDER =
      List.of(Way.ADD, Way.SET, Way.ADD_IF_ABSENT, Way.SET_IF_PRESENT);

  private AuthzAnswerDecoder() {}

  /// Reads a message; null if it is none.
  public static @Nullable AuthzAnswer decode(ByteBuffer message) {
    try {
      return answer(CheckResponse.parseFrom(message.slice()));
    } catch (InvalidProtocolBufferException _) {
      return null;
    }
  }

  private static AuthzAnswer answer(CheckResponse wire) {
    var metadata = metadata(wire);
    if (wire.getStatus().getCode() == 0) {
      var ok = wire.getOkResponse();
      return new AuthzAnswer.Allowed(
          edits(ok), response(ok.getResponseHeadersToAddList()), metadata);
    }
    var newer = NewerFields.of(wire, NewerCheckResponse.getDefaultInstance());
    return newer.hasErrorResponse()
        ? new AuthzAnswer.Failed(failed(newer.getErrorResponse()), metadata)
        : new AuthzAnswer.Denied(refused(wire.getDeniedResponse()), metadata);
  }

  @SuppressWarnings("deprecation") // where it stood before goes first
  private static Map<String, MetadataValue> metadata(CheckResponse wire) {
    return MetadataDecoder.fields(
        wire.getOkResponse().hasDynamicMetadata()
            ? wire.getOkResponse().getDynamicMetadata()
            : wire.getDynamicMetadata());
  }

  private static Edits edits(OkHttpResponse wire) {
    return new Edits(
        wire.getHeadersList().stream().map(AuthzAnswerDecoder::change).toList(),
        wire.getHeadersToRemoveList().stream().map(it -> it.toLowerCase(Locale.ROOT)).toList(),
        wire.getQueryParametersToSetList().stream()
            .map(it -> new Parameter(it.getKey(), it.getValue()))
            .toList(),
        wire.getQueryParametersToRemoveList());
  }

  /// Refusals know no appending: such headers are left out.
  private static Refusal refused(DeniedHttpResponse wire) {
    return refusal(wire, wire.getHeadersList().stream().filter(it -> !appends(it)));
  }

  /// Here they come last.
  private static Refusal failed(DeniedHttpResponse wire) {
    return refusal(
        wire,
        wire.getHeadersList().stream().sorted(Comparator.comparing(AuthzAnswerDecoder::appends)));
  }

  private static Refusal refusal(DeniedHttpResponse wire, Stream<HeaderValueOption> headers) {
    return new Refusal(
        wire.getStatus().getCodeValue(),
        headers.map(AuthzAnswerDecoder::change).toList(),
        wire.getBody());
  }

  @SuppressWarnings("deprecation") // and yet the only word that counts for a request
  private static boolean appends(HeaderValueOption wire) {
    return wire.hasAppend() && wire.getAppend().getValue();
  }

  /// A change of a request, for which `append_action` means nothing.
  private static Header change(HeaderValueOption wire) {
    return header(wire, appends(wire) ? Way.JOIN : Way.SET);
  }

  private static Header header(HeaderValueOption wire, Way way) {
    var header = wire.getHeader();
    return new Header(
        header.getKey().toLowerCase(Locale.ROOT),
        header.getRawValue().isEmpty() ? header.getValue() : header.getRawValue().toStringUtf8(),
        way);
  }

  /// Changes of a response, in the order in which they are made.
  private static List<Header> response(List<HeaderValueOption> wire) {
    return wire.stream()
        .map(it -> header(it, way(it)))
        .sorted(Comparator.comparingInt(it -> ORDER.indexOf(it.way())))
        .toList();
  }

  @SuppressWarnings("deprecation") // append is what append_action was before
  private static Way way(HeaderValueOption wire) {
    if (wire.hasAppend()) {
      return appends(wire) ? Way.ADD : Way.SET;
    }
    return switch (wire.getAppendAction()) {
      case APPEND_IF_EXISTS_OR_ADD, UNRECOGNIZED -> Way.ADD;
      case ADD_IF_ABSENT -> Way.ADD_IF_ABSENT;
      case OVERWRITE_IF_EXISTS_OR_ADD -> Way.SET;
      case OVERWRITE_IF_EXISTS -> Way.SET_IF_PRESENT;
    };
  }
}
