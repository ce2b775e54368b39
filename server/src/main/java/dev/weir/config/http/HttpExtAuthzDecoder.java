package dev.weir.config.http;

import dev.weir.config.Field;
import dev.weir.config.GrpcServiceDecoder;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.TextMatch;
import dev.weir.config.TextMatchDecoder;
import dev.weir.config.http.HttpExtAuthzConfig.Body;
import dev.weir.config.http.HttpExtAuthzConfig.Effects;
import dev.weir.config.http.HttpExtAuthzConfig.Headers;
import dev.weir.config.http.HttpExtAuthzConfig.OnError;
import dev.weir.config.http.HttpExtAuthzConfig.Told;
import dev.weir.config.http.HttpExtAuthzConfig.When;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerCheckSettings;
import dev.weir.proto.newer.NewerExtAuthz;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutationRules;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.BufferSettings;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.type.matcher.v3.ListStringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes [HttpExtAuthzConfig]s. What it cannot decide by is refused: it says who may come in.
final class HttpExtAuthzDecoder {
  static final Duration PATIENCE = Duration.ofMillis(200);
  private static final int FORBIDDEN = 403;

  /// Headers that an HTTP service is told of in any case.
  private static final List<TextMatch> BASIC =
      List.of(
          new TextMatch.Exact("authorization", true),
          new TextMatch.Exact(":method", true),
          new TextMatch.Exact(":path", true),
          new TextMatch.Exact(":authority", true));

  private HttpExtAuthzDecoder() {}

  static HttpFilterConfig.ExtAuthz filter(ExtAuthz wire, Field at) throws InvalidResourceException {
    var newer = NewerFields.of(wire, NewerExtAuthz.getDefaultInstance());
    GrpcServiceDecoder.checkVersion(wire.getTransportApiVersion(), at);
    at.unsupported(
        wire.getTypedMetadataContextNamespacesCount() > 0, "typed_metadata_context_namespaces");
    at.unsupported(
        wire.getRouteTypedMetadataContextNamespacesCount() > 0,
        "route_typed_metadata_context_namespaces");
    at.unsupported(newer.getShadowMode(), "shadow_mode");
    at.unsupported(newer.getClearRouteCacheHeadersCount() > 0, "clear_route_cache_headers");
    at.withoutEffect(newer.getEnforceResponseHeaderLimits(), "enforce_response_header_limits");
    at.withoutEffect(newer.hasEmitClientSpan(), "emit_client_span");
    at.withoutEffect(wire.hasFilterMetadata(), "filter_metadata");
    at.withoutEffect(wire.getEmitFilterStateStats(), "emit_filter_state_stats");
    return new HttpFilterConfig.ExtAuthz(
        new HttpExtAuthzConfig(
            wire.getStatPrefix(),
            service(wire, at),
            when(wire, at),
            told(wire, at),
            wire.hasWithRequestBody() ? body(wire.getWithRequestBody()) : null,
            new OnError(
                wire.getFailureModeAllow(),
                wire.getFailureModeAllowHeaderAdd(),
                wire.hasStatusOnError() ? wire.getStatusOnError().getCodeValue() : FORBIDDEN),
            effects(wire, newer, at)));
  }

  private static HttpExtAuthzConfig.Service service(ExtAuthz wire, Field at)
      throws InvalidResourceException {
    return switch (wire.getServicesCase()) {
      case GRPC_SERVICE ->
          new HttpExtAuthzConfig.Service.Grpc(
              GrpcServiceDecoder.decode(wire.getGrpcService(), PATIENCE, at.at("grpc_service")));
      case HTTP_SERVICE -> AuthzServiceDecoder.http(wire.getHttpService(), at.at("http_service"));
      case SERVICES_NOT_SET -> throw at.invalid("grpc_service or http_service is required");
    };
  }

  private static When when(ExtAuthz wire, Field at) throws InvalidResourceException {
    return new When(
        wire.hasFilterEnabled()
            ? RouteMatchDecoder.share(wire.getFilterEnabled(), at.at("filter_enabled"))
            : Share.ALL,
        wire.hasFilterEnabledMetadata()
            ? MetadataMatchDecoder.decode(
                wire.getFilterEnabledMetadata(), at.at("filter_enabled_metadata"))
            : null,
        wire.getDenyAtDisable().getDefaultValue().getValue());
  }

  private static Told told(ExtAuthz wire, Field at) {
    return new Told(
        wire.getIncludePeerCertificate(),
        wire.getIncludeTlsSession(),
        wire.getBootstrapMetadataLabelsKey(),
        List.copyOf(wire.getMetadataContextNamespacesList()),
        List.copyOf(wire.getRouteMetadataContextNamespacesList()),
        new Headers(
            allowed(wire, at),
            matches("disallowed_headers", wire.getDisallowedHeaders(), at),
            wire.getEncodeRawHeaders()));
  }

  @SuppressWarnings("deprecation") // where the list stood before
  private static @Nullable List<TextMatch> allowed(ExtAuthz wire, Field at) {
    boolean http = wire.hasHttpService();
    var before = wire.getHttpService().getAuthorizationRequest();
    if (!wire.hasAllowedHeaders() && !http) {
      return null;
    }
    var all = new ArrayList<TextMatch>(http ? BASIC : List.of());
    all.addAll(
        wire.hasAllowedHeaders()
            ? matches("allowed_headers", wire.getAllowedHeaders(), at)
            : matches(
                "allowed_headers",
                before.getAllowedHeaders(),
                at.at("http_service").at("authorization_request")));
    return List.copyOf(all);
  }

  static List<TextMatch> matches(String field, ListStringMatcher wire, Field at) {
    return at.at(field).each("patterns", wire.getPatternsList(), TextMatchDecoder::decode);
  }

  private static Body body(BufferSettings wire) {
    return new Body(
        wire.getMaxRequestBytes() < 0 ? Integer.MAX_VALUE : wire.getMaxRequestBytes(),
        wire.getAllowPartialMessage(),
        wire.getPackAsBytes());
  }

  private static Effects effects(ExtAuthz wire, NewerExtAuthz newer, Field at)
      throws InvalidResourceException {
    return new Effects(
        wire.getClearRouteCache(),
        ScalarDecoder.bool(
            wire.hasChargeClusterResponseStats(), wire.getChargeClusterResponseStats(), true),
        ScalarDecoder.bool(
            wire.hasEnableDynamicMetadataIngestion(),
            wire.getEnableDynamicMetadataIngestion(),
            true),
        wire.getValidateMutations(),
        wire.hasDecoderHeaderMutationRules()
            ? rules(wire.getDecoderHeaderMutationRules(), at.at("decoder_header_mutation_rules"))
            : null,
        Integer.toUnsignedLong(newer.getMaxDeniedResponseBodyBytes()));
  }

  private static MutationRules rules(HeaderMutationRules wire, Field at)
      throws InvalidResourceException {
    return new MutationRules(
        wire.getAllowAllRouting().getValue(),
        wire.getAllowEnvoy().getValue(),
        wire.getDisallowSystem().getValue(),
        wire.getDisallowAll().getValue(),
        regex(wire.hasAllowExpression(), wire.getAllowExpression(), at.at("allow_expression")),
        regex(
            wire.hasDisallowExpression(),
            wire.getDisallowExpression(),
            at.at("disallow_expression")),
        wire.getDisallowIsError().getValue());
  }

  private static @Nullable TextMatch regex(boolean set, RegexMatcher wire, Field at)
      throws InvalidResourceException {
    return set ? TextMatchDecoder.regex(wire, at) : null;
  }

  /// What a route says.
  static HttpFilterConfig.PerRoute override(ExtAuthzPerRoute wire, Field at)
      throws InvalidResourceException {
    var settings = wire.getCheckSettings();
    var newer = NewerFields.of(settings, NewerCheckSettings.getDefaultInstance());
    var there = at.at("check_settings");
    there.withoutEffect(newer.hasEmitClientSpan(), "emit_client_span");
    there.check(
        !settings.getDisableRequestBodyBuffering() || !settings.hasWithRequestBody(),
        "Invalid configuration for check_settings. Only one of disable_request_body_buffering or"
            + " with_request_body can be set.");
    HttpExtAuthzConfig.@Nullable Service service =
        switch (newer.getServiceOverrideCase()) {
          case GRPC_SERVICE ->
              new HttpExtAuthzConfig.Service.Grpc(
                  GrpcServiceDecoder.decode(
                      newer.getGrpcService(), PATIENCE, there.at("grpc_service")));
          case HTTP_SERVICE ->
              AuthzServiceDecoder.http(newer.getHttpService(), there.at("http_service"));
          case SERVICEOVERRIDE_NOT_SET -> null;
        };
    return new HttpFilterConfig.ExtAuthzOverride(
        wire.getDisabled(),
        settings.getContextExtensionsMap(),
        settings.getDisableRequestBodyBuffering(),
        settings.hasWithRequestBody() ? body(settings.getWithRequestBody()) : null,
        service);
  }
}
