package dev.weir.config.http;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import dev.weir.config.ExtensionDecoder;
import dev.weir.config.Field;
import dev.weir.config.MatchInput.About;
import dev.weir.config.MatcherDecoder;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteList;
import java.util.ArrayList;
import java.util.List;

/// Makes a [RouteTree]. One virtual host.
final class RouteTreeDecoder {
  private final List<List<RouteConfig>> lists = new ArrayList<>();
  private final long maxBody;

  private RouteTreeDecoder(long maxBody) {
    this.maxBody = maxBody;
  }

  /// @param maxBody the most bytes that a direct response may have
  static RouteTree tree(Matcher wire, long maxBody, Field at) throws InvalidResourceException {
    var decoder = new RouteTreeDecoder(maxBody);
    var matcher = MatcherDecoder.<Integer>decode(wire, About.ROUTE, decoder::list, at);
    return new RouteTree(matcher, List.copyOf(decoder.lists));
  }

  private Integer list(TypedExtensionConfig action, Field at) throws InvalidResourceException {
    var typedAt = at.at("typed_config");
    var typed = ExtensionDecoder.unpack(action.getName(), action.getTypedConfig(), typedAt);
    lists.add(
        switch (typed) {
          case Route route -> List.of(RouteTableDecoder.route(route, maxBody, typedAt));
          case RouteList routes ->
              typedAt.each(
                  "routes",
                  routes.getRoutesList(),
                  (route, there) -> RouteTableDecoder.route(route, maxBody, there));
          default ->
              throw ExtensionDecoder.unregistered(
                  action.getName(), action.getTypedConfig().getTypeUrl(), at);
        });
    return lists.size() - 1;
  }
}
