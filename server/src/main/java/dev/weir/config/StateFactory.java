package dev.weir.config;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The kinds of filter state objects that can be made of text, by the keys that Envoy documents as
/// well-known.
public enum StateFactory {
  STRING("envoy.string", text -> new StateValue.Text(text, true)),
  HASHABLE_STRING("envoy.hashable_string", StateValue.Hashable::new),
  BOOL("envoy.bool", StateFactory::flag),
  /// The cluster in place of the one that `tcp_proxy` is configured with.
  TCP_PROXY_CLUSTER("envoy.tcp_proxy.cluster", text -> new StateValue.Text(text, false)),
  /// Whether `tcp_proxy` connects without its tunnel.
  DISABLE_TUNNELING(
      "envoy.tcp_proxy.disable_tunneling", text -> new StateValue.Flag(text.equals("true"))),
  /// The idle timeout in place of `tcp_proxy`'s, in milliseconds.
  IDLE_TIMEOUT_MILLIS("envoy.tcp_proxy.per_connection_idle_timeout_ms", text -> number(text, true)),
  /// The SNI towards the upstream.
  UPSTREAM_SERVER_NAME(
      "envoy.network.upstream_server_name", text -> new StateValue.Text(text, false)),
  /// The names of which the upstream's certificate has to have one.
  UPSTREAM_SUBJECT_ALT_NAMES(
      "envoy.network.upstream_subject_alt_names",
      text -> new StateValue.Names(StateValue.Names.split(text), text)),
  /// The ALPN towards the upstream.
  APPLICATION_PROTOCOLS(
      "envoy.network.application_protocols",
      text -> new StateValue.Names(StateValue.Names.split(text), null)),
  /// Where an `ORIGINAL_DST` cluster connects to.
  ORIGINAL_DST_ADDRESS(
      "envoy.network.transport_socket.original_dst_address", text -> address(text)),
  HTTP_11_PROXY(
      "envoy.network.transport_socket.http_11_proxy.info",
      text -> new StateValue.Text(text, false)),
  LOCAL_IP("envoy.filters.listener.original_dst.local_ip", text -> address(text)),
  REMOTE_IP("envoy.filters.listener.original_dst.remote_ip", text -> address(text)),
  IP("envoy.network.ip", StateFactory::ip),
  NETWORK_NAMESPACE("envoy.network.network_namespace", text -> new StateValue.Text(text, false)),
  /// The host that a dynamic forward proxy connects to.
  DYNAMIC_HOST("envoy.upstream.dynamic_host", text -> new StateValue.Text(text, true)),
  /// The port that a dynamic forward proxy connects to.
  DYNAMIC_PORT("envoy.upstream.dynamic_port", text -> number(text, false)),
  HITS_ADDEND("envoy.ratelimit.hits_addend", text -> number(text, false));

  /// Whether `tcp_proxy` reads before the upstream is connected; set by other filters, never made
  /// of text.
  public static final String RECEIVE_BEFORE_CONNECT = "envoy.tcp_proxy.receive_before_connect";

  /// The headers that a tunnel was answered with; set by `tcp_proxy`, never made of text.
  public static final String TUNNEL_HEADERS = "envoy.tcp_proxy.propagate_response_headers";

  /// The trailers that a tunnel ended with; set by `tcp_proxy`, never made of text.
  public static final String TUNNEL_TRAILERS = "envoy.tcp_proxy.propagate_response_trailers";

  /// What a PROXY header told; set by the listener filter, never made of text.
  public static final String PROXY_PROTOCOL = "envoy.network.proxy_protocol_options";

  private static final Set<String> TRUE = Set.of("true", "t", "yes", "y", "1");
  private static final Set<String> FALSE = Set.of("false", "f", "no", "n", "0");
  private static final Map<String, StateFactory> BY_KEY =
      Stream.of(values()).collect(Collectors.toUnmodifiableMap(StateFactory::key, it -> it));

  private final String key;
  private final Function<String, @Nullable StateValue> parser;

  StateFactory(String key, Function<String, @Nullable StateValue> parser) {
    this.key = key;
    this.parser = parser;
  }

  /// The key of the objects that it makes.
  public String key() {
    return key;
  }

  /// The factory for a key; null if objects of this key cannot be made of text.
  public static @Nullable StateFactory find(String key) {
    return BY_KEY.get(key);
  }

  /// Makes an object of its text; null if the text is none.
  public @Nullable StateValue parse(String text) {
    return parser.apply(text);
  }

  private static @Nullable StateValue flag(String text) {
    var word = text.toLowerCase(Locale.ROOT);
    return TRUE.contains(word) || FALSE.contains(word)
        ? new StateValue.Flag(TRUE.contains(word))
        : null;
  }

  private static @Nullable StateValue number(String text, boolean wide) {
    try {
      return new StateValue.Number(
          wide ? Long.parseUnsignedLong(text) : Integer.parseUnsignedInt(text), wide);
    } catch (NumberFormatException _) {
      return null;
    }
  }

  private static @Nullable StateValue ip(String text) {
    var ip = IpLiteral.parse(text);
    return ip == null ? null : new StateValue.Ip(new Address.Socket(IpLiteral.text(ip), 0), false);
  }

  private static @Nullable StateValue address(String text) {
    var address = Address.Socket.parse(text);
    return address == null ? null : new StateValue.Ip(address, true);
  }
}
