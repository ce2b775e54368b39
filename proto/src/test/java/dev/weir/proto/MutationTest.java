package dev.weir.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever is changed in a text, reading it gives a message or a [WireException]; and whatever
/// message it gives can be checked, searched and printed.
class MutationTest {
  private static final int ROUNDS = 300;
  private static final String TEXT =
      """
      node: {id: me, metadata: {a: [1, 2.5, null, {b: &x yes}], c: *x}}
      static_resources:
        listeners:
        - name: l
          address: {socket_address: {address: 127.0.0.1, port_value: 0x7d0}}
          per_connection_buffer_high_watermark_timeout: 5s
          filter_chains:
          - filters:
            - name: tcp
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                stat_prefix: "a\\tb"
                weighted_clusters: {clusters: [{name: 'it''s', weight: 3}, {name: d, weight: "4"}]}
                idle_timeout: 1h
                max_early_data_bytes: 100
                hash_policy: {source_ip: {}}
                access_log:
                - name: x
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                    path: /dev/stdout
                    log_format: {json_format: {a: "%PROTOCOL%"}}
        clusters:
        - name: c
          type: strict_dns
          metadata:
            typed_filter_metadata:
              t: {"@type": x/google.protobuf.Timestamp, value: "2026-01-01T00:00:00.5Z"}
              b: {"@type": x/google.protobuf.BytesValue, value: aGk=}
              m: {"@type": x/google.protobuf.FieldMask, value: "a,bC"}
              u: {"@type": x/udpa.type.v1.TypedStruct, type_url: a/b, value: {c: -1e3}}
        secrets:
        - name: s
          tls_certificate: {private_key: {inline_bytes: aGVsbG8=}}
      """;
  private static final String SPICE = "{}[]:,-?&*!|>'\"%@`#~ \n\t0x1eE+.=<_\\\u00e9\u0001";

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @Test
  void aChangedYamlTextIsReadOrRefused() throws Exception {
    change(TEXT, WireFormat.YAML);
  }

  @Test
  void aChangedJsonTextIsReadOrRefused() throws Exception {
    var message = Read.yaml(TEXT, Bootstrap.getDefaultInstance());
    change(WireJson.text(message, WireJson.Layout.PRETTY), WireFormat.JSON);
  }

  @Test
  void aChangedBinaryIsReadOrRefused() throws Exception {
    var bytes = Read.yaml(TEXT, Bootstrap.getDefaultInstance()).toByteArray();
    for (var round = 0; round < ROUNDS; round++) {
      var changed = bytes.clone();
      for (var i = random.nextInt(3); i >= 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      use(ByteString.copyFrom(changed), WireFormat.PB, round);
    }
  }

  @Test
  void aMessageWithAnyFieldChangedCanBeCheckedAndPrinted() throws Exception {
    for (var round = 0; round < ROUNDS; round++) {
      var builder = Read.yaml(TEXT, Bootstrap.getDefaultInstance()).toBuilder();
      try {
        changeField(builder);
        look(builder.build());
      } catch (RuntimeException | Error e) {
        throw failure(round, e);
      }
    }
  }

  private void change(String text, WireFormat format) throws IOException {
    for (var round = 0; round < ROUNDS; round++) {
      var changed = new StringBuilder(text);
      for (var i = random.nextInt(4); i >= 0; i--) {
        var at = random.nextInt(changed.length());
        switch (random.nextInt(4)) {
          case 0 -> changed.setCharAt(at, SPICE.charAt(random.nextInt(SPICE.length())));
          case 1 -> changed.insert(at, SPICE.charAt(random.nextInt(SPICE.length())));
          case 2 -> changed.delete(at, Math.min(changed.length(), at + 1 + random.nextInt(9)));
          default -> changed.insert(at, changed.substring(at, Math.min(changed.length(), at + 40)));
        }
      }
      use(ByteString.copyFrom(changed.toString(), StandardCharsets.UTF_8), format, round);
    }
  }

  private void use(ByteString content, WireFormat format, int round) throws IOException {
    var policy = round % 2 == 0 ? OnUnknown.REJECT : OnUnknown.WARN;
    try {
      look(WireText.parse(content, format, Bootstrap.getDefaultInstance(), policy).message());
    } catch (WireException _) {
      // as good an outcome as a message
    } catch (RuntimeException | Error e) {
      throw failure(round, e);
    }
  }

  private static void look(Message message) {
    var found = new ArrayList<Violation>();
    found.addAll(Constraints.check(message, "x"));
    found.addAll(UnknownFields.find(message, "x"));
    found.addAll(DeprecatedFields.find(message, "x"));
    if (Screening.passes(message) && !found.isEmpty()) {
      throw new AssertionError("found at a second look only: " + found);
    }
    WireJson.text(message, WireJson.Layout.COMPACT);
  }

  private AssertionError failure(int round, Throwable cause) {
    return new AssertionError("seed " + seed + ", round " + round, cause);
  }

  /// Changes a field of the message, or of a message somewhere inside it.
  private void changeField(Message.Builder builder) {
    var fields = builder.getDescriptorForType().getFields();
    if (fields.isEmpty()) {
      return;
    }
    var field = fields.get(random.nextInt(fields.size()));
    if (field.isRepeated()) {
      var count = builder.getRepeatedFieldCount(field);
      if (count > 0
          && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
          && !field.isMapField()) {
        var at = random.nextInt(count);
        var item = ((Message) builder.getRepeatedField(field, at)).toBuilder();
        changeField(item);
        builder.setRepeatedField(field, at, item.build());
      } else {
        builder.clearField(field);
      }
      return;
    }
    switch (field.getJavaType()) {
      case INT -> builder.setField(field, random.nextInt());
      case LONG -> builder.setField(field, random.nextLong());
      case FLOAT -> builder.setField(field, Float.intBitsToFloat(random.nextInt()));
      case DOUBLE -> builder.setField(field, Double.longBitsToDouble(random.nextLong()));
      case BOOLEAN -> builder.setField(field, random.nextBoolean());
      case STRING -> builder.setField(field, SPICE.substring(random.nextInt(SPICE.length())));
      case BYTE_STRING -> builder.setField(field, ByteString.copyFromUtf8(SPICE));
      case ENUM ->
          builder.setField(
              field,
              field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(-1, 200)));
      case MESSAGE -> {
        var inner = ((Message) builder.getField(field)).toBuilder();
        for (var i = random.nextInt(3); i >= 0; i--) {
          changeField(inner);
        }
        builder.setField(field, inner.build());
      }
    }
  }
}
