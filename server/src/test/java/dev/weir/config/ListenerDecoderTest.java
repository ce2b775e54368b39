package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.config.SocketConfig.Option;
import dev.weir.config.SocketConfig.OptionValue;
import dev.weir.config.SocketConfig.State;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ListenerDecoderTest {
  static final String ADDRESS =
      """
      name: l
      address: { socket_address: { address: 127.0.0.1, port_value: 1 } }
      """;
  static final String FILTERS =
      """
      filters:
      - name: f
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
          stat_prefix: s
          cluster: c
      """;
  static final String CHAINS = "filter_chains:\n-\n" + Tables.indent(2, FILTERS);
  static final String PLAIN = ADDRESS + CHAINS;

  static ListenerConfig decode(String yaml) {
    return Wire.decode(yaml, Listener.getDefaultInstance(), ListenerDecoder::decode).value();
  }

  static List<String> problems(String yaml) {
    return Wire.problems(yaml, Listener.getDefaultInstance(), ListenerDecoder::decode);
  }

  static List<String> warnings(String yaml) {
    return Wire.decode(yaml, Listener.getDefaultInstance(), ListenerDecoder::decode).warnings();
  }

  @Test
  void aPlainListenerHasTheDefaults() {
    var listener = decode(PLAIN);
    var bind = listener.bind();
    assertEquals(List.of(new Address.Socket("127.0.0.1", 1)), bind.addresses());
    assertEquals(SocketConfig.DEFAULT, bind.sockets().getFirst().socket());
    assertEquals(true, bind.bindToPort());
    assertEquals(true, bind.reusePort());
    assertEquals(0, bind.backlog());
    assertEquals(Duration.ofSeconds(15), listener.inspection().timeout());
    assertEquals(1024 * 1024, listener.bufferLimit());
    var chain = listener.chains().chains().getFirst();
    assertEquals(FilterChainMatch.ANY, chain.match());
    assertEquals(new TransportSocketConfig.RawBuffer(), chain.transportSocket());
    assertInstanceOf(TcpProxyConfig.class, chain.filters().getFirst());
    assertNull(listener.chains().defaultChain());
    assertEquals(List.of(), warnings(PLAIN));
  }

  @Test
  void socketOptionsComeFromFieldsAndFromTheList() {
    var bind =
        decode(
                """
                name: l
                address: { socket_address: { address: "::", port_value: 1, ipv4_compat: true } }
                freebind: true
                tcp_fast_open_queue_length: 7
                socket_options:
                - { level: 1, name: 9, int_value: 1, state: STATE_BOUND }
                - { level: 1, name: 10, buf_value: /w==, type: { datagram: {} } }
                - { level: 1, name: 11, buf_value: /w==, ip_version: SOCKET_IP_VERSION_IPV6 }
                - { level: 1, name: 12, int_value: 1, ip_version: SOCKET_IP_VERSION_IPV4 }
                tcp_keepalive: { keepalive_time: 30 }
                additional_addresses:
                - address: { socket_address: { address: 127.0.0.1, port_value: 2 } }
                  socket_options: { socket_options: [] }
                  tcp_keepalive: { keepalive_probes: 3 }
                """
                    + CHAINS)
            .bind();
    var keepalive = new SocketConfig.Keepalive(0, Duration.ofSeconds(30), Duration.ZERO);
    assertEquals(
        new SocketConfig(
            keepalive,
            List.of(
                new Option("ipv4_compat", 41, 26, new OptionValue.Int(0), State.PREBIND),
                new Option("freebind", 41, 78, new OptionValue.Int(1), State.PREBIND),
                new Option(
                    "tcp_fast_open_queue_length", 6, 23, new OptionValue.Int(7), State.LISTENING),
                new Option("", 1, 9, new OptionValue.Int(1), State.BOUND),
                new Option("", 1, 11, new OptionValue.Buffer("ff"), State.PREBIND))),
        bind.sockets().get(0).socket());
    assertEquals(
        new SocketConfig(
            new SocketConfig.Keepalive(3, Duration.ZERO, Duration.ZERO),
            List.of(
                new Option("freebind", 0, 15, new OptionValue.Int(1), State.PREBIND),
                new Option(
                    "tcp_fast_open_queue_length", 6, 23, new OptionValue.Int(7), State.LISTENING))),
        bind.sockets().get(1).socket());
  }

  @Test
  void anIpv6AddressHasOneSpelling() {
    for (var text : List.of("::1", "0:0:0:0:0:0:0:1", "0::0001")) {
      var yaml = "address: { socket_address: { address: '" + text + "', port_value: 1 } }\n";
      assertEquals("[::1]:1", decode(yaml + CHAINS).bind().addresses().getFirst().toString());
    }
  }

  @Test
  void aMatchIsBroughtToOneForm() {
    var match =
        decode(
                ADDRESS
                    + "filter_chains:\n- filter_chain_match:\n"
                    + """
                        destination_port: 443
                        prefix_ranges: [{ address_prefix: 10.1.2.3, prefix_len: 8 }]
                        server_names: ["*.Example.com", "A.b"]
                        transport_protocol: tls
                        application_protocols: [h2]
                        source_type: EXTERNAL
                        source_prefix_ranges: [{ address_prefix: 2001:db8::5, prefix_len: 32 }]
                        direct_source_prefix_ranges: [{ address_prefix: 1.2.3.4, prefix_len: 99 }]
                        source_ports: [1, 2]
                    """)
            .chains()
            .chains()
            .getFirst()
            .match();
    assertEquals(443, match.destinationPort());
    assertEquals("10.0.0.0/8", match.destinationRanges().getFirst().toString());
    assertEquals(List.of("*.example.com", "a.b"), match.serverNames());
    assertEquals("1.2.3.4/32", match.source().directRanges().getFirst().toString());
    assertEquals(32, match.source().ranges().getFirst().prefixLength());
    assertEquals(FilterChainMatch.SourceType.EXTERNAL, match.source().type());
    assertEquals(List.of(1, 2), match.source().ports());
  }

  @Test
  void theDefaultChainsMatchIsNotRead() {
    var listener =
        decode(
            ADDRESS
                + "default_filter_chain:\n  filter_chain_match: { server_names: ['*'] }\n"
                + Tables.indent(2, FILTERS));
    var chain = Objects.requireNonNull(listener.chains().defaultChain());
    assertEquals(FilterChainMatch.ANY, chain.match());
  }

  @Test
  void everyProblemIsNamed() {
    assertEquals(
        List.of(
            "fcds_config: not supported",
            "address.socket_address: malformed IP address: localhost"),
        problems(
            """
            fcds_config: { name: x, config_source: { ads: {} } }
            address: { socket_address: { address: localhost, port_value: 1 } }
            """
                + CHAINS));
    assertEquals(
        List.of(
            "filter_chains[0].filters[0].typed_config.stat_prefix",
            "filter_chains[0].filters[0].typed_config.max_connect_attempts"),
        problems(PLAIN.replace("stat_prefix: s", "max_connect_attempts: 0")).stream()
            .map(problem -> problem.substring(0, problem.indexOf(": ")))
            .toList());
  }

  @Test
  void whatHasNoEffectIsSaid() {
    assertEquals(
        List.of("bypass_overload_manager: has no effect"),
        warnings(PLAIN + "bypass_overload_manager: true\n"));
  }

  @Test
  void aBufferMayHaveToEmptyInTime() {
    var listener = decode(PLAIN + "per_connection_buffer_high_watermark_timeout: 1s\n");
    assertEquals(
        new ListenerConfig.Buffers(1024 * 1024, Duration.ofSeconds(1)), listener.buffers());
  }

  static Stream<Arguments> listeners() {
    return Tables.cases(
        """
        error adding listener named 'l': address is necessary
        name: l
        ---
        error adding listener '127.0.0.1:1': no filter chains specified
        address: { socket_address: { address: 127.0.0.1, port_value: 1 } }
        ---
        error adding listener '127.0.0.1:1': 1 filter chain(s) specified for connection-less UDP
        address: { socket_address: { address: 127.0.0.1, port_value: 1, protocol: UDP } }
        filter_chains: [{}]
        ---
        address.socket_address.protocol: not supported
        address: { socket_address: { address: 127.0.0.1, port_value: 1, protocol: UDP } }
        ---
        address.socket_address: malformed IP address: 127.1
        address: { socket_address: { address: "127.1", port_value: 1 } }
        filter_chains: [{}]
        ---
        address.socket_address: malformed IP address: 010.0.0.1
        address: { socket_address: { address: "010.0.0.1", port_value: 1 } }
        filter_chains: [{}]
        ---
        address.socket_address: malformed IP address: [::1]
        address: { socket_address: { address: "[::1]", port_value: 1 } }
        filter_chains: [{}]
        ---
        address.socket_address: IP resolver can't handle port specifier type 4
        address: { socket_address: { address: 127.0.0.1, named_port: http } }
        filter_chains: [{}]
        ---
        address.socket_address: Unknown address resolver: foo
        address: { socket_address: { address: 127.0.0.1, port_value: 1, resolver_name: foo } }
        filter_chains: [{}]
        ---
        address.socket_address: Only IPv6 address '::'
        address: { socket_address: { address: 127.0.0.1, port_value: 1, ipv4_compat: true } }
        filter_chains: [{}]
        ---
        address.socket_address.network_namespace_filepath: not supported
        address:
          socket_address: { address: 127.0.0.1, port_value: 1, network_namespace_filepath: /x }
        filter_chains: [{}]
        ---
        address.pipe: Cannot set mode for Abstract AF_UNIX sockets
        address: { pipe: { path: "@a", mode: 511 } }
        filter_chains: [{}]
        ---
        ok
        address: { pipe: { path: "@a" } }
        filter_chains: [{}]
        ---
        ok
        address: { pipe: { path: /tmp/a, mode: 384 } }
        filter_chains: [{}]
        ---
        ok
        address: { socket_address: { address: "fe80::1", port_value: 0 } }
        filter_chains: [{}]
        ---
        listener : enable_mptcp can only be used with IP addresses
        address: { pipe: { path: /tmp/a } }
        enable_mptcp: true
        filter_chains: [{}]
        ---
        additional_addresses[1].address: Address must be set
        address: { socket_address: { address: 127.0.0.1, port_value: 1 } }
        additional_addresses:
        - address: { socket_address: { address: 127.0.0.1, port_value: 2 } }
        - {}
        filter_chains: [{}]
        ---
        api_listener: not supported
        address: { socket_address: { address: 127.0.0.1, port_value: 1 } }
        api_listener: {}
        filter_chains: [{}]
        ---
        internal_listener: not supported
        internal_listener: {}
        filter_chains: [{}]
        ---
        metadata.filter_metadata["dev.weir"].max_connections
        address: { socket_address: { address: 127.0.0.1, port_value: 1 } }
        metadata: { filter_metadata: { dev.weir: { max_connections: 0 } } }
        filter_chains: [{}]
        ---
        metadata.filter_metadata["dev.weir"]: Cannot find field: max_connection
        address: { socket_address: { address: 127.0.0.1, port_value: 1 } }
        metadata: { filter_metadata: { dev.weir: { max_connection: 1 } } }
        filter_chains: [{}]
        ---
        filter_chains[0]: error adding listener '127.0.0.1:1': "name" field is required when using a listener matcher
        address: { socket_address: { address: 127.0.0.1, port_value: 1 } }
        filter_chain_matcher: {}
        filter_chains: [{}]
        ---
        filter_chains[1]: error adding listener '127.0.0.1:1': "name" field is duplicated with value 'a'
        address: { socket_address: { address: 127.0.0.1, port_value: 1 } }
        filter_chain_matcher: {}
        filter_chains: [{ name: a }, { name: a }]
        ---
        fcds_config: not supported
        address: { socket_address: { address: 127.0.0.1, port_value: 1 } }
        fcds_config: { name: x, config_source: { ads: {} } }
        filter_chains: [{}]
        ---
        listener_filters[0].typed_config: Didn't find a registered implementation for 't' with type URL: ''
        address: { socket_address: { address: 127.0.0.1, port_value: 1 } }
        listener_filters: [{ name: t }]
        filter_chains: [{}]
        ---
        listener_filters[0].typed_config: listener filter original_src is not supported
        address: { socket_address: { address: 127.0.0.1, port_value: 1 } }
        listener_filters:
        - name: o
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.listener.original_src.v3.OriginalSrc
        filter_chains: [{}]
        ---
        max_connections_to_accept_per_socket_event
        address: { socket_address: { address: 127.0.0.1, port_value: 1 } }
        max_connections_to_accept_per_socket_event: 0
        filter_chains: [{}]
        """);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void listeners(String verdict, String yaml) {
    Wire.assertVerdict(verdict, problems(yaml));
  }

  static Stream<Arguments> chains() {
    return Tables.cases(
        """
        filter_chains[1]: error adding listener '127.0.0.1:1': filter chain 'B' has the same matching rules defined as 'A'
        filter_chains: [{ name: A }, { name: B }]
        ---
        filter_chains[1]: error adding listener '127.0.0.1:1': filter chain '' has the same
        filter_chains:
        - filter_chain_match: { destination_port: 1 }
        - filter_chain_match: { destination_port: 1 }
        ---
        filter_chains[1]: error adding listener '127.0.0.1:1': multiple filter chains with overlapping
        filter_chains:
        - filter_chain_match: { server_names: [a, b] }
        - filter_chain_match: { server_names: [c, B] }
        ---
        filter_chains[1]: error adding listener '127.0.0.1:1': multiple filter chains with overlapping
        filter_chains:
        - filter_chain_match: { prefix_ranges: [{ address_prefix: 10.0.0.5, prefix_len: 8 }] }
        - filter_chain_match:
            prefix_ranges:
            - { address_prefix: 10.9.0.0, prefix_len: 8 }
            - { address_prefix: 10.9.0.0, prefix_len: 9 }
        ---
        filter_chains[1]: error adding listener '127.0.0.1:1': multiple filter chains with overlapping
        filter_chains:
        - filter_chain_match: { source_ports: [1, 2] }
        - filter_chain_match: { source_ports: [2, 3] }
        ---
        filter_chains[0]: error adding listener '127.0.0.1:1': multiple filter chains with overlapping
        filter_chains: [{ filter_chain_match: { server_names: [a, A] } }]
        ---
        ok
        filter_chains:
        - filter_chain_match: { prefix_ranges: [{ address_prefix: 0.0.0.0, prefix_len: 0 }] }
        - {}
        ---
        ok
        filter_chains:
        - filter_chain_match: { source_type: EXTERNAL }
        - filter_chain_match: { source_type: SAME_IP_OR_LOOPBACK }
        ---
        ok
        filter_chains:
        - filter_chain_match: { server_names: [a], source_ports: [1] }
        - filter_chain_match: { server_names: [a], source_ports: [2] }
        - filter_chain_match: { server_names: [a, b] }
        ---
        filter_chains[0].filter_chain_match.server_names[0]: error adding listener '127.0.0.1:1': partial wildcards
        filter_chains: [{ filter_chain_match: { server_names: ["*"] } }]
        ---
        filter_chains[0].filter_chain_match.server_names[1]: error adding listener '127.0.0.1:1': partial wildcards
        filter_chains: [{ filter_chain_match: { server_names: ["*.a", "w*.x"] } }]
        ---
        filter_chains[0].filter_chain_match: error adding listener '127.0.0.1:1': filter chain 'A' contains unimplemented fields
        filter_chains: [{ name: A, filter_chain_match: { suffix_len: 8 } }]
        ---
        filter_chains[0].filter_chain_match.prefix_ranges[0]: malformed IP address: foo
        filter_chains:
        - filter_chain_match: { prefix_ranges: [{ address_prefix: foo, prefix_len: 8 }] }
        ---
        filter_chains[0].filter_chain_match.destination_port
        filter_chains: [{ filter_chain_match: { destination_port: 0 } }]
        ---
        filter_chains[0].transport_socket.typed_config: Didn't find a registered implementation for 'tls' with type URL: ''
        filter_chains: [{ transport_socket: { name: tls } }]
        ---
        filter_chains[0].transport_socket.typed_config: No TLS certificates found for server context
        filter_chains:
        - transport_socket:
            name: tls
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
        ---
        ok
        filter_chains:
        - transport_socket:
            name: x
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer
        """);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void chains(String verdict, String yaml) {
    Wire.assertVerdict(verdict, problems(ADDRESS + yaml));
  }
}
