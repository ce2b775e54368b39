package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig;
import io.envoyproxy.envoy.extensions.path.rewrite.uri_template.v3.UriTemplateRewriteConfig;

/// Reads the extensions that match and rewrite paths by templates. Any thread may call.
public final class UriTemplateDecoder {
  private UriTemplateDecoder() {}

  /// The template of a `path_match_policy`, or its like.
  ///
  /// @throws InvalidResourceException if it is another extension, or no template
  public static UriTemplate match(TypedExtensionConfig wire, Field at)
      throws InvalidResourceException {
    if (ExtensionDecoder.unpack(wire, at) instanceof UriTemplateMatchConfig template) {
      return UriTemplate.parse(
          template.getPathTemplate(), at.at("typed_config").at("path_template"));
    }
    throw ExtensionDecoder.unregistered(wire.getName(), wire.getTypedConfig().getTypeUrl(), at);
  }

  /// What a `path_rewrite_policy` makes of the paths of a template, in Java's words.
  ///
  /// @throws InvalidResourceException if it is another extension, or does not go with the template
  public static String rewrite(TypedExtensionConfig wire, UriTemplate template, Field at)
      throws InvalidResourceException {
    if (ExtensionDecoder.unpack(wire, at) instanceof UriTemplateRewriteConfig rewrite) {
      return template.replacement(
          rewrite.getPathTemplateRewrite(), at.at("typed_config").at("path_template_rewrite"));
    }
    throw ExtensionDecoder.unregistered(wire.getName(), wire.getTypedConfig().getTypeUrl(), at);
  }
}
