package dev.weir.config.http;

import dev.weir.config.Field;
import dev.weir.config.HeaderAddition;
import dev.weir.config.HeaderAddition.Action;
import dev.weir.config.LogTemplate;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.http.HttpExtAuthzConfig.Answers;
import dev.weir.config.http.HttpExtAuthzConfig.Service;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerHttpService;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.AuthorizationResponse;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.HttpService;
import java.util.Locale;

/// Makes the configuration of authorization services that speak HTTP.
final class AuthzServiceDecoder {
  private AuthzServiceDecoder() {}

  static Service.Http http(HttpService wire, Field at) {
    var newer = NewerFields.of(wire, NewerHttpService.getDefaultInstance());
    at.withoutEffect(newer.hasRetryPolicy(), "retry_policy");
    at.check(
        wire.getPathPrefix().isEmpty() || wire.getPathPrefix().startsWith("/"),
        "path_prefix should start with \"/\".");
    at.check(
        newer.getPathOverride().isEmpty() || newer.getPathOverride().startsWith("/"),
        "path_override should start with \"/\".");
    at.check(
        newer.getPathOverride().isEmpty() || wire.getPathPrefix().isEmpty(),
        "path_prefix and path_override cannot both be set.");
    var request = wire.getAuthorizationRequest();
    return new Service.Http(
        wire.getServerUri().getCluster(),
        ScalarDecoder.duration(
            wire.getServerUri().hasTimeout(),
            wire.getServerUri().getTimeout(),
            HttpExtAuthzDecoder.PATIENCE),
        wire.getPathPrefix(),
        newer.getPathOverride(),
        at.at("authorization_request")
            .each("headers_to_add", request.getHeadersToAddList(), AuthzServiceDecoder::addition),
        answers(wire.getAuthorizationResponse(), at.at("authorization_response")));
  }

  private static HeaderAddition addition(HeaderValue wire, Field at)
      throws InvalidResourceException {
    return new HeaderAddition(
        wire.getKey().toLowerCase(Locale.ROOT),
        wire.getRawValue().isEmpty()
            ? LogTemplate.parse(wire.getValue(), at.at("value"))
            : LogTemplate.literal(wire.getRawValue().toStringUtf8()),
        Action.OVERWRITE_IF_EXISTS_OR_ADD,
        false);
  }

  private static Answers answers(AuthorizationResponse wire, Field at) {
    return new Answers(
        HttpExtAuthzDecoder.matches(
            "allowed_upstream_headers", wire.getAllowedUpstreamHeaders(), at),
        HttpExtAuthzDecoder.matches(
            "allowed_upstream_headers_to_append", wire.getAllowedUpstreamHeadersToAppend(), at),
        HttpExtAuthzDecoder.matches("allowed_client_headers", wire.getAllowedClientHeaders(), at),
        HttpExtAuthzDecoder.matches(
            "allowed_client_headers_on_success", wire.getAllowedClientHeadersOnSuccess(), at),
        HttpExtAuthzDecoder.matches(
            "dynamic_metadata_from_headers", wire.getDynamicMetadataFromHeaders(), at));
  }
}
