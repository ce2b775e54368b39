package dev.weir.config;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.weir.config.UpstreamHttpConfig.AutoSni;
import dev.weir.config.UpstreamHttpConfig.Choice;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.ClusterProtocolSelection;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.UpstreamHttpProtocolOptions;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;

/// Reads `typed_extension_protocol_options`, and what a cluster said of HTTP before there were any.
final class HttpOptionsDecoder {
  private static final String HTTP = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  static final String TCP = "envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions";
  private static final String CODEC =
      "envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec";

  private HttpOptionsDecoder() {}

  static UpstreamHttpConfig options(Cluster wire, Field at) throws InvalidResourceException {
    UpstreamHttpConfig typed = null;
    for (var entry : wire.getTypedExtensionProtocolOptionsMap().entrySet()) {
      var entryAt = at.at("typed_extension_protocol_options", entry.getKey());
      var options = unpacked(entry.getKey(), entry.getValue(), entryAt);
      if (options instanceof HttpProtocolOptions http) {
        typed = typed(http, wire, entryAt);
      }
    }
    if (typed == null) {
      return untyped(wire, at);
    }
    warnOfUntyped(wire, at);
    return typed;
  }

  private static Message unpacked(String name, Any any, Field at) throws InvalidResourceException {
    at.require(
        name.equals(HTTP) || name.equals(TCP),
        "Didn't find a registered network or http filter or protocol options implementation for"
            + " name: '%s'".formatted(name));
    var options = ExtensionDecoder.unpack(name, any, at);
    at.require(
        options.getDescriptorForType().getFullName().equals(name),
        "holds a " + options.getDescriptorForType().getFullName());
    return options;
  }

  private static UpstreamHttpConfig typed(HttpProtocolOptions wire, Cluster cluster, Field at)
      throws InvalidResourceException {
    at.withoutEffect(wire.hasHeaderValidationConfig(), "header_validation_config");
    for (int i = 0; i < wire.getHttpFiltersCount(); i++) {
      filter(wire.getHttpFilters(i), at.at("http_filters", i));
    }
    var common = wire.getCommonHttpProtocolOptions();
    var sni = autoSni(wire.getUpstreamHttpProtocolOptions());
    return switch (wire.getUpstreamProtocolOptionsCase()) {
      case EXPLICIT_HTTP_CONFIG -> {
        var config = wire.getExplicitHttpConfig();
        var configAt = at.at("explicit_http_config");
        configAt.unsupported(config.hasHttp3ProtocolOptions(), "http3_protocol_options");
        var read =
            new HttpVersionsDecoder(
                config.getHttpProtocolOptions(), config.getHttp2ProtocolOptions(), configAt);
        yield read.config(
            config.hasHttp2ProtocolOptions() ? Choice.HTTP2 : Choice.HTTP1, common, 0, sni);
      }
      case USE_DOWNSTREAM_PROTOCOL_CONFIG -> {
        var config = wire.getUseDownstreamProtocolConfig();
        var configAt = at.at("use_downstream_protocol_config");
        configAt.unsupported(config.hasHttp3ProtocolOptions(), "http3_protocol_options");
        // Without options for it, HTTP/2 is not spoken.
        var choice = config.hasHttp2ProtocolOptions() ? Choice.DOWNSTREAM : Choice.HTTP1;
        yield new HttpVersionsDecoder(
                config.getHttpProtocolOptions(), config.getHttp2ProtocolOptions(), configAt)
            .config(choice, common, 0, sni);
      }
      case AUTO_CONFIG -> {
        var config = wire.getAutoConfig();
        var configAt = at.at("auto_config");
        at.check(
            hasAlpn(cluster),
            "ALPN configured for cluster %s which has a non-ALPN transport socket"
                .formatted(cluster.getName()));
        configAt.unsupported(config.hasHttp3ProtocolOptions(), "http3_protocol_options");
        yield new HttpVersionsDecoder(
                config.getHttpProtocolOptions(), config.getHttp2ProtocolOptions(), configAt)
            .config(Choice.ALPN, common, 0, sni);
      }
      case UPSTREAMPROTOCOLOPTIONS_NOT_SET ->
          throw at.invalid("explicit_http_config, auto_config or use_downstream_protocol_config");
    };
  }

  /// Filters between a router and its upstream: only the codec, which is always there.
  private static void filter(HttpFilter wire, Field at) {
    boolean codec = wire.getTypedConfig().getTypeUrl().endsWith("/" + CODEC);
    at.check(
        codec || wire.getIsOptional() || wire.getDisabled(),
        "upstream HTTP filter '%s' is not supported".formatted(wire.getName()));
  }

  private static boolean hasAlpn(Cluster cluster) {
    return cluster.getTransportSocket().getTypedConfig().is(UpstreamTlsContext.class);
  }

  private static AutoSni autoSni(UpstreamHttpProtocolOptions wire) {
    return new AutoSni(
        wire.getAutoSni(), wire.getOverrideAutoSniHeader(), wire.getAutoSanValidation());
  }

  @SuppressWarnings("deprecation") // this is what the typed options were before
  private static UpstreamHttpConfig untyped(Cluster wire, Field at) {
    boolean downstream =
        wire.getProtocolSelection() == ClusterProtocolSelection.USE_DOWNSTREAM_PROTOCOL;
    var choice =
        downstream
            ? Choice.DOWNSTREAM
            : wire.hasHttp2ProtocolOptions() ? Choice.HTTP2 : Choice.HTTP1;
    Http1ProtocolOptions http1 = wire.getHttpProtocolOptions();
    Http2ProtocolOptions http2 = wire.getHttp2ProtocolOptions();
    return new HttpVersionsDecoder(http1, http2, at)
        .config(
            choice,
            wire.getCommonHttpProtocolOptions(),
            ScalarDecoder.uint32(
                wire.hasMaxRequestsPerConnection(), wire.getMaxRequestsPerConnection(), 0),
            autoSni(wire.getUpstreamHttpProtocolOptions()));
  }

  @SuppressWarnings("deprecation") // they are only told of
  private static void warnOfUntyped(Cluster wire, Field at) {
    at.withoutEffect(wire.hasMaxRequestsPerConnection(), "max_requests_per_connection");
    at.withoutEffect(wire.hasHttpProtocolOptions(), "http_protocol_options");
    at.withoutEffect(wire.hasHttp2ProtocolOptions(), "http2_protocol_options");
    at.withoutEffect(wire.hasCommonHttpProtocolOptions(), "common_http_protocol_options");
    at.withoutEffect(wire.hasUpstreamHttpProtocolOptions(), "upstream_http_protocol_options");
    at.withoutEffect(wire.getProtocolSelectionValue() != 0, "protocol_selection");
  }

  /// Whether a host has to prove that it is the one that a request names. Where nothing is said of
  /// it, that is the rule for hosts which clients name.
  @SuppressWarnings("deprecation") // upstream_http_protocol_options were before the typed ones
  static boolean provesHosts(Cluster wire) throws InvalidResourceException {
    var any = wire.getTypedExtensionProtocolOptionsMap().get(HTTP);
    var options = wire.getUpstreamHttpProtocolOptions();
    if (any != null) {
      var at = Field.root("typed_extension_protocol_options");
      options =
          ExtensionDecoder.unpack(HTTP, any, at) instanceof HttpProtocolOptions typed
              ? typed.getUpstreamHttpProtocolOptions()
              : options;
    } else if (!wire.hasUpstreamHttpProtocolOptions()) {
      return true;
    }
    return options.getAutoSni() && options.getAutoSanValidation();
  }

  /// Whether the hosts speak HTTP/2 for sure.
  @SuppressWarnings("deprecation") // http2_protocol_options is what the typed options were before
  static boolean speaksHttp2(Cluster wire) throws InvalidResourceException {
    var any = wire.getTypedExtensionProtocolOptionsMap().get(HTTP);
    if (any == null) {
      return wire.hasHttp2ProtocolOptions();
    }
    var at = Field.root("typed_extension_protocol_options");
    return ExtensionDecoder.unpack(HTTP, any, at) instanceof HttpProtocolOptions options
        && options.getExplicitHttpConfig().hasHttp2ProtocolOptions();
  }
}
