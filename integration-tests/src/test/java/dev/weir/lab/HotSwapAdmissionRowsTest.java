package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.OnMatch;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import dev.weir.lab.Pki.Wish;
import io.envoyproxy.controlplane.cache.Resources;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.SourcePortInput;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The rows of the hot-swap table in `ARCHITECTURE.md` that are about who may come in: TLS,
/// secrets, RBAC and matchers.
@ParameterizedClass
@EnumSource
class HotSwapAdmissionRowsTest {
  private static final Map<XdsMode, HotSwapStage> STAGES = new EnumMap<>(XdsMode.class);
  private static final String DRAINED = "listener.l.downstream_cx_drained.filter_chain_removed";
  private static final String FACTORY = "listener.l.server_ssl_socket_factory.";

  @TempDir private static Path folder;

  private final HotSwapStage stage;
  private long drained;

  HotSwapAdmissionRowsTest(XdsMode mode) {
    stage = STAGES.computeIfAbsent(mode, HotSwapStage::start);
  }

  @BeforeAll
  static void makeCertificates() {
    var pki = new Pki(folder);
    pki.make("first", Wish.of(null, "DNS:first.test"));
    pki.make("second", Wish.of(null, "DNS:second.test"));
  }

  @AfterAll
  static void stop() throws IOException {
    for (var stage : STAGES.values()) {
      stage.stop();
    }
    STAGES.clear();
  }

  /// Nothing is left of the row before.
  @BeforeEach
  void begin() throws IOException {
    stage.plane().push(List.of());
    stage.proxy().awaitStat("listener_manager.total_listeners_active", 0);
    stage.proxy().awaitStat("listener_manager.total_listeners_draining", 0);
    stage.events().clear();
    drained = 0; // the counter goes with its listener
  }

  private void push(Message... resources) {
    var all = new ArrayList<Message>(List.of(resources));
    all.add(Xds.cluster("one", "one"));
    all.add(Xds.endpoints("one", stage.one().port()));
    all.add(Xds.cluster("two", "two"));
    all.add(Xds.endpoints("two", stage.two().port()));
    stage.plane().push(all);
  }

  private static Listener.Builder listener(String cluster) {
    return Xds.listener("l", cluster).toBuilder().setStatPrefix("l");
  }

  private static Listener tls(String cluster, CommonTlsContext common) {
    var listener = listener(cluster);
    var context = DownstreamTlsContext.newBuilder().setCommonTlsContext(common).build();
    listener
        .getFilterChainsBuilder(0)
        .getTransportSocketBuilder()
        .setName("tls")
        .setTypedConfig(Any.pack(context));
    return listener.build();
  }

  private static DataSource file(String name) {
    return DataSource.newBuilder().setFilename(folder.resolve(name).toString()).build();
  }

  private static TlsCertificate certificate(String chain, String key) {
    return TlsCertificate.newBuilder()
        .setCertificateChain(file(chain + ".pem"))
        .setPrivateKey(file(key + ".key"))
        .build();
  }

  private static CommonTlsContext shown(String chain, String key) {
    return CommonTlsContext.newBuilder().addTlsCertificates(certificate(chain, key)).build();
  }

  private static SdsSecretConfig secret(String name) {
    var source =
        ConfigSource.newBuilder()
            .setAds(AggregatedConfigSource.getDefaultInstance())
            .setResourceApiVersion(ApiVersion.V3);
    return SdsSecretConfig.newBuilder().setName(name).setSdsConfig(source).build();
  }

  private static Secret secret(String name, TlsCertificate certificate) {
    return Secret.newBuilder().setName(name).setTlsCertificate(certificate).build();
  }

  private Talker talkOverTls() throws IOException {
    Await.until(
        "a handshake",
        () -> TlsPeer.PLAIN.certificate(stage.proxy().port("l")),
        it -> !it.isEmpty());
    return Talker.start(TlsPeer.PLAIN.open(stage.proxy().port("l")), "one", System.nanoTime());
  }

  private void awaitCertificate(String name) {
    Await.until(
        name + " is shown",
        () -> TlsPeer.PLAIN.certificate(stage.proxy().port("l")),
        ("CN=" + name)::equals);
  }

  private void awaitAnswer(String backend) {
    Await.until(
        "an answer of " + backend,
        () -> Peer.ask(stage.proxy().port("l"), "hello"),
        (backend + " hello")::equals);
  }

  @Test
  void connectionsDrainWhoseTlsIsAnotherNow() throws IOException {
    push(tls("one", shown("first", "first")));
    try (var talker = talkOverTls()) {
      push(tls("one", shown("second", "second")));
      awaitCertificate("second");
      talker.ends();
      stage.proxy().awaitStat(DRAINED, drained + 1);
    }
  }

  @Test
  void aKeyOfAnotherCertificateIsRefusedAndTheOldOneServesOn() throws IOException {
    push(tls("one", shown("first", "first")));
    try (var talker = talkOverTls()) {
      stage.events().clear();
      push(tls("one", shown("second", "first")));
      var reason = stage.awaitRefusal(Resources.V3.LISTENER_TYPE_URL);
      assertTrue(reason.contains("KEY_VALUES_MISMATCH"), reason);
      assertTrue(reason.contains(folder.resolve("second.pem").toString()), reason);
      assertTrue(reason.contains(folder.resolve("first.key").toString()), reason);
      push(tls("one", shown("first", "none")));
      reason = stage.awaitRefusal(Resources.V3.LISTENER_TYPE_URL);
      assertTrue(reason.contains("Invalid path: " + folder.resolve("none.key")), reason);
      talker.goesOn();
      awaitCertificate("first");
    }
  }

  @Test
  void aRotatedSecretIsForNewHandshakesAndItsCountersGoWithIt() throws IOException {
    var common =
        CommonTlsContext.newBuilder().addTlsCertificateSdsSecretConfigs(secret("s")).build();
    push(tls("one", common), secret("s", certificate("first", "first")));
    try (var talker = talkOverTls()) {
      push(tls("one", common), secret("s", certificate("second", "second")));
      awaitCertificate("second");
      stage.events().clear();
      push(tls("one", common), secret("s", certificate("first", "second")));
      var reason = stage.awaitRefusal(Resources.V3.SECRET_TYPE_URL);
      assertTrue(reason.contains("tls_certificate.private_key"), reason);
      awaitCertificate("second");
      talker.goesOn();
      assertEquals(0, stage.proxy().stats().getOrDefault(DRAINED, 0L));
      assertEquals(1, stage.proxy().stats().get("sds.s.update_rejected"));
    }
    push();
    Await.until(
        "no counter of a secret that nobody needs",
        () -> stage.proxy().stats().keySet().stream().noneMatch(it -> it.startsWith("sds.s.")));
  }

  @Test
  void aSecretThatWouldLeaveNamesWithoutTrustIsRefused() throws IOException {
    var names =
        CertificateValidationContext.newBuilder()
            .addMatchTypedSubjectAltNames(
                SubjectAltNameMatcher.newBuilder()
                    .setSanType(SubjectAltNameMatcher.SanType.DNS)
                    .setMatcher(StringMatcher.newBuilder().setExact("first.test")));
    var common = CommonTlsContext.newBuilder().addTlsCertificates(certificate("first", "first"));
    common
        .getCombinedValidationContextBuilder()
        .setDefaultValidationContext(names)
        .setValidationContextSdsSecretConfig(secret("ca"));
    var trust = CertificateValidationContext.newBuilder().setTrustedCa(file("first.pem"));
    push(
        tls("one", common.build()),
        Secret.newBuilder().setName("ca").setValidationContext(trust).build());
    stage.proxy().awaitStat(FACTORY + "ssl_context_update_by_sds", 1);
    push(
        tls("one", common.build()),
        Secret.newBuilder().setName("ca").setValidationContext(trust.clearTrustedCa()).build());
    var reason = stage.awaitRefusal(Resources.V3.SECRET_TYPE_URL);
    assertTrue(reason.contains("without trusted CA is insecure and not allowed"), reason);
    assertEquals("", TlsPeer.PLAIN.certificate(stage.proxy().port("l")), "the old rules hold");
  }

  @Test
  void connectionsDrainOfWhichRbacThinksOtherwiseNow() throws IOException {
    push(withRbac(22));
    awaitAnswer("one");
    try (var talker = Talker.start(stage.proxy().port("l"), "one", 1)) {
      push(withRbac(23));
      talker.ends();
      stage.proxy().awaitStat(DRAINED, drained + 1);
      awaitAnswer("one");
    }
  }

  /// Everybody is admitted who does not come from this port.
  private static Listener withRbac(int port) {
    var source = Permission.newBuilder().setDestinationPort(port);
    var policy =
        Policy.newBuilder()
            .addPermissions(source)
            .addPrincipals(Principal.newBuilder().setAny(true));
    var rbac =
        io.envoyproxy
            .envoy
            .extensions
            .filters
            .network
            .rbac
            .v3
            .RBAC
            .newBuilder()
            .setStatPrefix("r")
            .setRules(
                RBAC.newBuilder().setAction(RBAC.Action.DENY).putPolicies("p", policy.build()))
            .build();
    var listener = listener("one");
    listener
        .getFilterChainsBuilder(0)
        .addFilters(0, Filter.newBuilder().setName("rbac").setTypedConfig(Any.pack(rbac)));
    return listener.build();
  }

  @Test
  void aMatcherIsForNewConnectionsAndAChainThatItLosesDrains() throws IOException {
    push(withMatcher("a", "a", "b"));
    awaitAnswer("one");
    try (var talker = Talker.start(stage.proxy().port("l"), "one", 1)) {
      push(withMatcher("b", "a", "b"));
      awaitAnswer("two");
      talker.goesOn();
      assertFalse(stage.proxy().stats().getOrDefault(DRAINED, 0L) > 0);
      push(withMatcher("b", "b")); // which admits as "a" did
      talker.ends();
      stage.proxy().awaitStat(DRAINED, drained + 1);
      awaitAnswer("two");
    }
  }

  /// A listener whose matcher leads everybody to the chain of this name; "a" goes to the first
  /// backend, "b" to the second.
  private static Listener withMatcher(String target, String... names) {
    var onMatch =
        OnMatch.newBuilder()
            .setAction(
                TypedExtensionConfig.newBuilder()
                    .setName("chain")
                    .setTypedConfig(Any.pack(StringValue.of(target))));
    var matcher = Matcher.newBuilder().setOnNoMatch(onMatch);
    matcher
        .getMatcherTreeBuilder()
        .setInput(
            TypedExtensionConfig.newBuilder()
                .setName("port")
                .setTypedConfig(Any.pack(SourcePortInput.getDefaultInstance())))
        .getExactMatchMapBuilder()
        .putMap("1", onMatch.build());
    var listener = listener("one").clearFilterChains().setFilterChainMatcher(matcher);
    for (var name : names) {
      var like = listener(name.equals("a") ? "one" : "two").getFilterChains(0);
      listener.addFilterChains(like.toBuilder().setName(name));
    }
    return listener.build();
  }
}
