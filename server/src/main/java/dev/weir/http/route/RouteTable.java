package dev.weir.http.route;

import dev.weir.config.Metadata;
import dev.weir.config.http.FilterOverrides;
import dev.weir.config.http.HeaderRules;
import dev.weir.config.http.RouteTableConfig;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A route configuration, ready to be asked. Immutable; any worker.
///
/// Of the domains that fit, an exact one goes before one with a wildcard in front, the longest
/// first; that before one with a wildcard behind; and that before `*`.
public final class RouteTable {
  /// Has no routes.
  public static final RouteTable EMPTY =
      new RouteTable(
          new RouteTableConfig(
              "",
              List.of(),
              HeaderRules.NONE,
              FilterOverrides.NONE,
              Metadata.NONE,
              List.of(),
              new RouteTableConfig.Options(false, false, false, List.of(), null)));

  private final RouteTableConfig config;
  private final Map<String, VirtualHost> exact = new HashMap<>();
  private final Map<Integer, Map<String, VirtualHost>> suffixes =
      new TreeMap<>(Comparator.reverseOrder());
  private final Map<Integer, Map<String, VirtualHost>> prefixes =
      new TreeMap<>(Comparator.reverseOrder());
  private @Nullable VirtualHost any;

  /// Prepares a configuration.
  public RouteTable(RouteTableConfig config) {
    this.config = config;
    var level = RouteLevel.of(config.headers(), config.overrides());
    for (var host : config.hosts()) {
      var live = new VirtualHost(host, level, config);
      host.domains().forEach(domain -> add(domain, live));
    }
  }

  private void add(String domain, VirtualHost host) {
    int length = domain.length();
    if (domain.equals("*")) {
      any = host;
    } else if (domain.startsWith("*")) {
      suffixes.computeIfAbsent(length - 1, _ -> new HashMap<>()).put(domain.substring(1), host);
    } else if (domain.endsWith("*")) {
      prefixes
          .computeIfAbsent(length - 1, _ -> new HashMap<>())
          .put(domain.substring(0, length - 1), host);
    } else {
      exact.put(domain, host);
    }
  }

  /// What it was made of.
  public RouteTableConfig config() {
    return config;
  }

  /// The virtual host for a request; null if there is none.
  public @Nullable VirtualHost host(Http2Headers headers) {
    var authority = headers.authority();
    return authority == null ? any : host(authority.toString());
  }

  private @Nullable VirtualHost host(String authority) {
    var host = authority.toLowerCase(Locale.ROOT);
    if (config.options().ignorePort()) {
      host = withoutPort(host);
    }
    var found = exact.get(host);
    if (found != null) {
      return found;
    }
    for (var bySuffix : suffixes.entrySet()) {
      int length = bySuffix.getKey();
      if (length < host.length()) {
        found = bySuffix.getValue().get(host.substring(host.length() - length));
        if (found != null) {
          return found;
        }
      }
    }
    for (var byPrefix : prefixes.entrySet()) {
      int length = byPrefix.getKey();
      if (length < host.length()) {
        found = byPrefix.getValue().get(host.substring(0, length));
        if (found != null) {
          return found;
        }
      }
    }
    return any;
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon <= 0 || host.indexOf(']', colon) > 0 ? host : host.substring(0, colon);
  }

  /// The route for a request at a virtual host; null if none fits.
  public @Nullable Route find(VirtualHost host, RouteQuery request) {
    var path = request.headers().path();
    if (path == null) {
      return host.find(request, null);
    }
    var text = PathText.of(path.toString());
    return host.find(
        request, config.options().ignorePathParameters() ? text.withoutParameters() : text);
  }
}
