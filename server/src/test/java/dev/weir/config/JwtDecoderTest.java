package dev.weir.config;

import io.envoyproxy.envoy.config.listener.v3.Listener;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JwtDecoderTest {
  private static final String AT =
      "filter_chains[0].filters[0].typed_config.http_filters[0].typed_config";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          providers: {p: {local_jwks: {inline_string: '{"keys":[{"kty":"oct","k":"AAAA"}]}'}}} | ok
          providers: {p: {local_jwks: {inline_string: '{"keys":[{"kty":"x"},{"kty":"oct","k":"AAAA"}]}'}}} | ok
          providers: {p: {local_jwks: {inline_string: 'x y'}}} | .providers["p"].local_jwks: Provider 'p' in jwt_authn config has invalid local jwks: Jwks is an invalid JSON
          providers: {p: {local_jwks: {inline_string: '{}'}}} | .providers["p"].local_jwks: Provider 'p' in jwt_authn config has invalid local jwks: Jwks does not have [keys] field
          providers: {p: {local_jwks: {inline_string: '{"keys":{}}'}}} | .providers["p"].local_jwks: Provider 'p' in jwt_authn config has invalid local jwks: [keys] in Jwks is not an array
          providers: {p: {local_jwks: {inline_string: '{"keys":[{}]}'}}} | .providers["p"].local_jwks: Provider 'p' in jwt_authn config has invalid local jwks: [kty] is missing in [keys]
          providers: {p: {local_jwks: {inline_string: '{"keys":[{"kty":"oct","k":"AAAA","alg":"RS256"}]}'}}} | .providers["p"].local_jwks: Provider 'p' in jwt_authn config has invalid local jwks: [alg] RS256 is not for keys of type oct
          providers: {p: {local_jwks: {filename: /no/such/file}}} | .providers["p"].local_jwks
          rules: [{match: {prefix: /}, requires: {provider_name: q}}] | .rules[0]: Required provider ['q'] is not configured.
          rules: [{match: {prefix: /}, requires: {requires_any: {requirements: [{provider_name: q}, {allow_missing: {}}]}}}] | .rules[0].requires_any: Required provider ['q'] is not configured.
          rules: [{match: {prefix: /}, requirement_name: q}] | .rules[0].requirement_name: Wrong requirement_name: q
          requirement_map: {r: {provider_name: q}} | .requirement_map["r"]: Required provider ['q'] is not configured.
          """)
  void whatNobodyCouldObeyIsRefused(String tokens, String verdict) {
    var listener =
        """
        name: l
        address: {socket_address: {address: 127.0.0.1, port_value: 0}}
        filter_chains:
        - filters:
          - name: http
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              stat_prefix: h
              route_config: {name: r}
              http_filters:
              - name: jwt
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication, %s}
              - {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
        """
            .formatted(tokens);
    var problems = Wire.problems(listener, Listener.getDefaultInstance(), ListenerDecoder::decode);
    Wire.assertVerdict(verdict.equals("ok") ? verdict : AT + verdict, problems);
  }
}
