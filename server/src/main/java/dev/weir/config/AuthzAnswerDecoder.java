package dev.weir.config;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.config.AuthzAnswer.Edits;
import dev.weir.config.AuthzAnswer.Header;
import dev.weir.config.AuthzAnswer.Parameter;
import dev.weir.config.AuthzAnswer.Refusal;
import dev.weir.config.http.HeaderRules.Action;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerCheckResponse;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what an authorization service answers (`envoy.service.auth.v3.CheckResponse`).
public final class AuthzAnswerDecoder {
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
          edits(ok), headers(ok.getResponseHeadersToAddList()), metadata);
    }
    var newer = NewerFields.of(wire, NewerCheckResponse.getDefaultInstance());
    return newer.hasErrorResponse()
        ? new AuthzAnswer.Failed(refusal(newer.getErrorResponse()), metadata)
        : new AuthzAnswer.Denied(refusal(wire.getDeniedResponse()), metadata);
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
        headers(wire.getHeadersList()),
        wire.getHeadersToRemoveList().stream().map(it -> it.toLowerCase(Locale.ROOT)).toList(),
        wire.getQueryParametersToSetList().stream()
            .map(it -> new Parameter(it.getKey(), it.getValue()))
            .toList(),
        wire.getQueryParametersToRemoveList());
  }

  private static Refusal refusal(DeniedHttpResponse wire) {
    return new Refusal(
        wire.getStatus().getCodeValue(), headers(wire.getHeadersList()), wire.getBody());
  }

  private static List<Header> headers(List<HeaderValueOption> wire) {
    return wire.stream().map(AuthzAnswerDecoder::header).toList();
  }

  private static Header header(HeaderValueOption wire) {
    var header = wire.getHeader();
    return new Header(
        header.getKey().toLowerCase(Locale.ROOT),
        header.getRawValue().isEmpty() ? header.getValue() : header.getRawValue().toStringUtf8(),
        action(wire));
  }

  @SuppressWarnings("deprecation") // append is what append_action was before
  private static Action action(HeaderValueOption wire) {
    if (wire.hasAppend()) {
      return wire.getAppend().getValue()
          ? Action.APPEND_IF_EXISTS_OR_ADD
          : Action.OVERWRITE_IF_EXISTS_OR_ADD;
    }
    return switch (wire.getAppendAction()) {
      case APPEND_IF_EXISTS_OR_ADD, UNRECOGNIZED -> Action.APPEND_IF_EXISTS_OR_ADD;
      case ADD_IF_ABSENT -> Action.ADD_IF_ABSENT;
      case OVERWRITE_IF_EXISTS_OR_ADD -> Action.OVERWRITE_IF_EXISTS_OR_ADD;
      case OVERWRITE_IF_EXISTS -> Action.OVERWRITE_IF_EXISTS;
    };
  }
}
