package dev.weir.config.http;

import dev.weir.config.CidrDecoder;
import dev.weir.config.CidrRange;
import dev.weir.config.ExtensionDecoder;
import dev.weir.config.Field;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.http.HttpFilterConfig.HeaderMutation.Edit;
import dev.weir.config.http.RequestRules.Client;
import dev.weir.config.http.RequestRules.ClientCertificate;
import dev.weir.config.http.RequestRules.ClientCertificate.Detail;
import dev.weir.config.http.RequestRules.ClientCertificate.Forward;
import dev.weir.config.http.RequestRules.EscapedSlashes;
import dev.weir.config.http.RequestRules.Host;
import dev.weir.config.http.RequestRules.Ids;
import dev.weir.config.http.RequestRules.Internal;
import dev.weir.config.http.RequestRules.Path;
import dev.weir.config.http.RequestRules.ServerName;
import dev.weir.config.http.RequestRules.StripPort;
import dev.weir.config.http.RequestRules.Underscores;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerSetCurrentClientCertDetails;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.http.original_ip_detection.xff.v3.XffConfig;
import io.envoyproxy.envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes [RequestRules].
final class RequestRulesDecoder {
  private RequestRulesDecoder() {}

  static RequestRules rules(HttpConnectionManager wire, Field at) throws InvalidResourceException {
    return new RequestRules(
        client(wire, at),
        path(wire),
        host(wire, at),
        ids(wire, at),
        new ServerName(
            wire.getServerName().isEmpty() ? "envoy" : wire.getServerName(),
            switch (wire.getServerHeaderTransformation()) {
              case OVERWRITE, UNRECOGNIZED -> ServerName.Transformation.OVERWRITE;
              case APPEND_IF_ABSENT -> ServerName.Transformation.APPEND_IF_ABSENT;
              case PASS_THROUGH -> ServerName.Transformation.PASS_THROUGH;
            },
            wire.getVia()),
        certificate(wire, at.at("set_current_client_cert_details")),
        early(wire, at));
  }

  private static List<Edit> early(HttpConnectionManager wire, Field at) {
    return at
        .each(
            "early_header_mutation_extensions",
            wire.getEarlyHeaderMutationExtensionsList(),
            (extension, there) -> {
              var typedAt = there.at("typed_config");
              if (ExtensionDecoder.unpack(extension, there) instanceof HeaderMutation mutation) {
                return typedAt.each(
                    "mutations", mutation.getMutationsList(), HttpFilterMessagesDecoder::edit);
              }
              throw ExtensionDecoder.unregistered(
                  extension.getName(), extension.getTypedConfig().getTypeUrl(), there);
            })
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  private static Client client(HttpConnectionManager wire, Field at)
      throws InvalidResourceException {
    at.withoutEffect(
        wire.getRepresentIpv4RemoteAddressAsIpv4MappedIpv6(),
        "represent_ipv4_remote_address_as_ipv4_mapped_ipv6");
    int hops = wire.getXffNumTrustedHops();
    boolean skipAppend = wire.getSkipXffAppend();
    List<CidrRange> trusted = null;
    for (int i = 0; i < wire.getOriginalIpDetectionExtensionsCount(); i++) {
      var there = at.at("original_ip_detection_extensions", i);
      var xff = xff(wire, i, there);
      at.check(
          !wire.getUseRemoteAddress().getValue(),
          "Original IP detection extensions and use_remote_address may not be mixed");
      at.check(
          wire.getXffNumTrustedHops() == 0,
          "Original IP detection extensions and xff_num_trusted_hops may not be mixed");
      hops = xff.getXffNumTrustedHops();
      skipAppend |= ScalarDecoder.bool(xff.hasSkipXffAppend(), xff.getSkipXffAppend(), true);
      trusted = trusted(xff, there.at("typed_config"));
    }
    var internal = wire.getInternalAddressConfig();
    return new Client(
        wire.getUseRemoteAddress().getValue(),
        hops,
        skipAppend,
        wire.getAppendXForwardedPort(),
        trusted,
        new Internal(
            internal.getUnixSockets(),
            CidrDecoder.ranges(
                "cidr_ranges", internal.getCidrRangesList(), at.at("internal_address_config"))),
        wire.getSchemeHeaderTransformation().getSchemeToOverwrite().isEmpty()
            ? null
            : wire.getSchemeHeaderTransformation().getSchemeToOverwrite(),
        wire.getSchemeHeaderTransformation().getMatchUpstream(),
        wire.getAddUserAgent().getValue());
  }

  private static XffConfig xff(HttpConnectionManager wire, int index, Field at)
      throws InvalidResourceException {
    var extension = wire.getOriginalIpDetectionExtensions(index);
    at.check(index == 0, "only one extension is supported");
    if (ExtensionDecoder.unpack(extension, at) instanceof XffConfig xff) {
      return xff;
    }
    throw ExtensionDecoder.unregistered(
        extension.getName(), extension.getTypedConfig().getTypeUrl(), at);
  }

  private static @Nullable List<CidrRange> trusted(XffConfig xff, Field at) {
    if (!xff.hasXffTrustedCidrs()) {
      return null;
    }
    at.check(
        xff.getXffNumTrustedHops() == 0,
        "Cannot set both xff_num_trusted_hops and xff_trusted_cidrs");
    return CidrDecoder.ranges(
        "cidrs", xff.getXffTrustedCidrs().getCidrsList(), at.at("xff_trusted_cidrs"));
  }

  private static Path path(HttpConnectionManager wire) {
    return new Path(
        wire.getNormalizePath().getValue(),
        wire.getMergeSlashes(),
        switch (wire.getPathWithEscapedSlashesAction()) {
          case IMPLEMENTATION_SPECIFIC_DEFAULT, KEEP_UNCHANGED, UNRECOGNIZED -> EscapedSlashes.KEEP;
          case REJECT_REQUEST -> EscapedSlashes.REJECT;
          case UNESCAPE_AND_REDIRECT -> EscapedSlashes.UNESCAPE_AND_REDIRECT;
          case UNESCAPE_AND_FORWARD -> EscapedSlashes.UNESCAPE_AND_FORWARD;
        });
  }

  private static Host host(HttpConnectionManager wire, Field at) {
    boolean any = wire.hasStripAnyHostPort() && wire.getStripAnyHostPort();
    at.check(
        !any || !wire.getStripMatchingHostPort(),
        "Error: Only one of `strip_matching_host_port` or `strip_any_host_port` can be set.");
    return new Host(
        any ? StripPort.ANY : wire.getStripMatchingHostPort() ? StripPort.MATCHING : StripPort.NONE,
        wire.getStripTrailingHostDot(),
        switch (wire.getCommonHttpProtocolOptions().getHeadersWithUnderscoresAction()) {
          case ALLOW, UNRECOGNIZED -> Underscores.ALLOW;
          case REJECT_REQUEST -> Underscores.REJECT_REQUEST;
          case DROP_HEADER -> Underscores.DROP_HEADER;
        },
        wire.getProxy100Continue());
  }

  private static Ids ids(HttpConnectionManager wire, Field at) throws InvalidResourceException {
    boolean pack = true;
    if (wire.getRequestIdExtension().hasTypedConfig()) {
      var there = at.at("request_id_extension").at("typed_config");
      var any = wire.getRequestIdExtension().getTypedConfig();
      if (!(ExtensionDecoder.unpack("", any, there) instanceof UuidRequestIdConfig uuid)) {
        throw ExtensionDecoder.unregistered("", any.getTypeUrl(), there);
      }
      pack = ScalarDecoder.bool(uuid.hasPackTraceReason(), uuid.getPackTraceReason(), true);
    }
    return new Ids(
        ScalarDecoder.bool(wire.hasGenerateRequestId(), wire.getGenerateRequestId(), true),
        wire.getPreserveExternalRequestId(),
        wire.getAlwaysSetRequestIdInResponse(),
        pack);
  }

  private static ClientCertificate certificate(HttpConnectionManager wire, Field at) {
    var newer =
        NewerFields.of(
            wire.getSetCurrentClientCertDetails(),
            NewerSetCurrentClientCertDetails.getDefaultInstance());
    at.unsupported(newer.getFormatValue() != 0, "format");
    at.unsupported(newer.getIssuer(), "issuer");
    var forward =
        switch (wire.getForwardClientCertDetails()) {
          case SANITIZE, UNRECOGNIZED -> Forward.SANITIZE;
          case FORWARD_ONLY -> Forward.FORWARD_ONLY;
          case APPEND_FORWARD -> Forward.APPEND_FORWARD;
          case SANITIZE_SET -> Forward.SANITIZE_SET;
          case ALWAYS_FORWARD_ONLY -> Forward.ALWAYS_FORWARD_ONLY;
        };
    var details = EnumSet.noneOf(Detail.class);
    var set = wire.getSetCurrentClientCertDetails();
    add(details, set.getCert(), Detail.CERT);
    add(details, set.getChain(), Detail.CHAIN);
    add(details, set.getSubject().getValue(), Detail.SUBJECT);
    add(details, set.getUri(), Detail.URI);
    add(details, set.getDns(), Detail.DNS);
    return new ClientCertificate(forward, Set.copyOf(details));
  }

  private static void add(Set<Detail> details, boolean wanted, Detail detail) {
    if (wanted) {
      details.add(detail);
    }
  }
}
