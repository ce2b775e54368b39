package dev.weir.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.pgv.validate.Validate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kind of rule that protoc-gen-validate has, on a message with one field.
class ConstraintKindsTest {
  private static final String ENUM = ".envoy.config.cluster.v3.Cluster.DiscoveryType";

  static Stream<Arguments> numbers() {
    return Stream.of(
        arguments("int32", "int32 {const: -3}", -3, 3, "must be -3 (got 3)"),
        arguments("int32", "int32 {lt: -3}", -4, -3, "must be < -3 (got -3)"),
        arguments("int64", "int64 {lte: 3}", 3L, 4L, "must be ≤ 3 (got 4)"),
        arguments("sint32", "sint32 {gt: 3}", 4, 3, "must be > 3 (got 3)"),
        arguments("sint64", "sint64 {gte: 3}", 3L, 2L, "must be ≥ 3 (got 2)"),
        arguments("uint32", "uint32 {gte: 1}", -1, 0, "must be ≥ 1 (got 0)"),
        arguments("uint32", "uint32 {lte: 5}", 5, -1, "must be ≤ 5 (got 4294967295)"),
        arguments("uint64", "uint64 {lt: 5}", 4L, -1L, "must be < 5 (got 18446744073709551615)"),
        arguments("fixed32", "fixed32 {gt: 4294967294}", -1, 7, "must be > 4294967294 (got 7)"),
        arguments("fixed64", "fixed64 {gte: 2}", -1L, 1L, "must be ≥ 2 (got 1)"),
        arguments("sfixed32", "sfixed32 {in: [1, 2]}", 2, 3, "must be one of [1, 2] (got 3)"),
        arguments("sfixed64", "sfixed64 {not_in: 1}", 2L, 1L, "must be none of [1] (got 1)"),
        arguments("float", "float {lte: 1.5}", 1.5f, 1.6f, "must be ≤ 1.5 (got 1.6)"),
        arguments("double", "double {gte: 0}", 0d, -0.5, "must be ≥ 0.0 (got -0.5)"),
        arguments("double", "double {lte: 1}", 0d, Double.NaN, "must be ≤ 1.0 (got NaN)"),
        arguments("int32", "int32 {gt: 1 lt: 3}", 2, 3, "must be > 1 and < 3 (got 3)"),
        arguments("int32", "int32 {gte: 3 lt: 1}", 0, 2, "must be ≥ 3 or < 1 (got 2)"),
        arguments("int32", "int32 {gt: 3 ignore_empty: true}", 0, 3, "must be > 3 (got 3)"),
        arguments("bool", "bool {const: true}", true, false, "must be true (got false)"));
  }

  static Stream<Arguments> strings() {
    return Stream.of(
        arguments("string", "string {const: 'a'}", "a", "b", "must be 'a' (got 'b')"),
        arguments("string", "string {len: 2}", "😀b", "a", "must have 2 characters (got 'a')"),
        arguments(
            "string",
            "string {min_len: 2}",
            "ab",
            "😀",
            "must have at least 2 characters (got '😀')"),
        arguments("string", "string {min_len: 1}", "a", "", "must not be empty (got '')"),
        arguments(
            "string",
            "string {max_len: 1}",
            "😀",
            "ab",
            "must have at most 1 character (got 'ab')"),
        arguments("string", "string {len_bytes: 4}", "😀", "é", "must have 4 bytes (got 'é')"),
        arguments(
            "string", "string {min_bytes: 2}", "é", "e", "must have at least 2 bytes (got 'e')"),
        arguments(
            "string", "string {max_bytes: 3}", "éa", "éé", "must have at most 3 bytes (got 'éé')"),
        arguments("string", "string {pattern: 'a+'}", "aa", "ab", "must match a+ (got 'ab')"),
        arguments("string", "string {prefix: 'a'}", "ab", "ba", "must begin with 'a' (got 'ba')"),
        arguments("string", "string {suffix: 'a'}", "ba", "ab", "must end with 'a' (got 'ab')"),
        arguments("string", "string {contains: 'b'}", "abc", "ac", "must contain 'b' (got 'ac')"),
        arguments(
            "string", "string {not_contains: 'b'}", "ac", "b", "must not contain 'b' (got 'b')"),
        arguments("string", "string {in: ['a', 'b']}", "b", "c", "must be one of [a, b] (got 'c')"),
        arguments("string", "string {not_in: 'a'}", "b", "a", "must be none of [a] (got 'a')"),
        arguments(
            "string",
            "string {min_len: 2 ignore_empty: true}",
            "",
            "a",
            "must have at least 2 characters (got 'a')"),
        arguments(
            "bytes",
            "bytes {const: 'a'}",
            bytes("a"),
            bytes(""),
            "must be the one allowed value (got 0 bytes)"),
        arguments(
            "bytes", "bytes {len: 1}", bytes("a"), bytes(""), "must have 1 byte (got 0 bytes)"),
        arguments(
            "bytes",
            "bytes {min_len: 1}",
            bytes("a"),
            bytes(""),
            "must not be empty (got 0 bytes)"),
        arguments(
            "bytes",
            "bytes {max_len: 1}",
            bytes("a"),
            bytes("ab"),
            "must have at most 1 byte (got 2 bytes)"),
        arguments(
            "bytes",
            "bytes {pattern: '\\\\x00+'}",
            bytes("\0"),
            bytes("a"),
            "must match \\x00+ (got 1 bytes)"),
        arguments(
            "bytes",
            "bytes {prefix: 'a'}",
            bytes("ab"),
            bytes("ba"),
            "must begin with the bytes 61 (got 2 bytes)"),
        arguments(
            "bytes",
            "bytes {suffix: 'a'}",
            bytes("ba"),
            bytes("ab"),
            "must end with the bytes 61 (got 2 bytes)"),
        arguments(
            "bytes",
            "bytes {contains: 'bc'}",
            bytes("abcd"),
            bytes("b"),
            "must contain the bytes 62 63 (got 1 bytes)"),
        arguments(
            "bytes",
            "bytes {ip: true}",
            bytes("1234"),
            bytes("1"),
            "must be an IP address (got 1 bytes)"),
        arguments(
            "bytes",
            "bytes {ipv4: true}",
            bytes("1234"),
            bytes("1"),
            "must be an IPv4 address (got 1 bytes)"),
        arguments(
            "bytes",
            "bytes {ipv6: true}",
            bytes("0123456789abcdef"),
            bytes("1234"),
            "must be an IPv6 address (got 4 bytes)"),
        arguments(
            "bytes",
            "bytes {min_len: 2 ignore_empty: true}",
            bytes(""),
            bytes("a"),
            "must have at least 2 bytes (got 1 bytes)"));
  }

  static Stream<Arguments> formats() {
    return Stream.of(
        arguments("email: true", "a.b@example.com", "a@b@c", "an email address"),
        arguments("hostname: true", "a-1.example.com", "-a.com", "a host name"),
        arguments("hostname: true", "a.", "a".repeat(64), "a host name"),
        arguments("ip: true", "::1", "localhost", "an IP address"),
        arguments("ipv4: true", "127.0.0.1", "127.1", "an IPv4 address"),
        arguments("ipv4: true", "0.0.0.0", "256.0.0.1", "an IPv4 address"),
        arguments("ipv6: true", "2001:db8::1", "127.0.0.1", "an IPv6 address"),
        arguments("ipv6: true", "::ffff:1.2.3.4", "fe80::1%eth0", "an IPv6 address"),
        arguments("uri: true", "http://a/b?c", "/b", "an absolute URI"),
        arguments("uri_ref: true", "/b", "a b", "a URI"),
        arguments("address: true", "10.0.0.1", "a_b", "a host name or an IP address"),
        arguments("uuid: true", "01234567-89ab-cdef-0123-456789ABCDEF", "0", "a UUID"),
        arguments("well_known_regex: HTTP_HEADER_NAME", ":path", "a b", "an HTTP header name"),
        arguments("well_known_regex: HTTP_HEADER_NAME", "x-a", "", "an HTTP header name"),
        arguments(
            "well_known_regex: HTTP_HEADER_NAME strict: false",
            "a b",
            "a\r",
            "an HTTP header name"),
        arguments(
            "well_known_regex: HTTP_HEADER_NAME strict: false", "", "a\0", "an HTTP header name"),
        arguments("well_known_regex: HTTP_HEADER_VALUE", "a\tb", "a\u0001", "an HTTP header value"),
        arguments(
            "well_known_regex: HTTP_HEADER_VALUE strict: false",
            "a\u0001",
            "a\n",
            "an HTTP header value"));
  }

  static Stream<Arguments> messages() {
    var now = Instant.now().getEpochSecond();
    return Stream.of(
        arguments(ENUM, "enum {const: 3}", enumValue(3), enumValue(0), "must be EDS (got STATIC)"),
        arguments(
            ENUM,
            "enum {defined_only: true}",
            enumValue(3),
            enumValue(9),
            "must be a value of DiscoveryType (got 9)"),
        arguments(
            ENUM,
            "enum {in: [0, 3]}",
            enumValue(3),
            enumValue(1),
            "must be one of [STATIC, EDS] (got STRICT_DNS)"),
        arguments(
            ENUM,
            "enum {not_in: 0}",
            enumValue(3),
            enumValue(0),
            "must be none of [STATIC] (got STATIC)"),
        arguments(
            ".google.protobuf.UInt32Value",
            "uint32 {gt: 0}",
            UInt32Value.of(1),
            UInt32Value.of(0),
            "must be > 0 (got 0)"),
        arguments(
            ".google.protobuf.Duration",
            "duration {gt {}}",
            seconds(1),
            seconds(0),
            "must be > 0s (got 0s)"),
        arguments(
            ".google.protobuf.Duration",
            "duration {lte {seconds: 1}}",
            seconds(1),
            seconds(2),
            "must be ≤ 1s (got 2s)"),
        arguments(
            ".google.protobuf.Duration",
            "duration {in [{seconds: 1}]}",
            seconds(1),
            seconds(2),
            "must be one of [1s] (got 2s)"),
        arguments(
            ".google.protobuf.Duration",
            "duration {required: true}",
            seconds(0),
            null,
            "is required"),
        arguments(
            ".google.protobuf.Timestamp",
            "timestamp {gte {seconds: 5}}",
            time(5),
            time(4),
            "must be ≥ 1970-01-01T00:00:05Z (got 1970-01-01T00:00:04Z)"),
        arguments(
            ".google.protobuf.Timestamp",
            "timestamp {lt_now: true}",
            time(5),
            time(7258118400L),
            "must be in the past (got 2200-01-01T00:00:00Z)"),
        arguments(
            ".google.protobuf.Timestamp",
            "timestamp {gt_now: true}",
            time(7258118400L),
            time(5),
            "must be in the future (got 1970-01-01T00:00:05Z)"),
        arguments(
            ".google.protobuf.Timestamp",
            "timestamp {within {seconds: 3600}}",
            time(now),
            time(5),
            "must be within 3600s of now (got 1970-01-01T00:00:05Z)"),
        arguments(
            ".google.protobuf.Timestamp",
            "timestamp {required: true}",
            time(5),
            null,
            "is required"),
        arguments(".google.protobuf.Any", "any {required: true}", any("a"), null, "is required"),
        arguments(
            ".google.protobuf.Any",
            "any {in: 'a'}",
            any("a"),
            any("b"),
            "the type must be one of [a] (got Any)"),
        arguments(
            ".google.protobuf.Any",
            "any {not_in: 'b'}",
            any("a"),
            any("b"),
            "the type must be none of [b] (got Any)"),
        arguments(
            ".google.protobuf.Any", "message {required: true}", any("a"), null, "is required"));
  }

  static Stream<Arguments> collections() {
    return Stream.of(
        arguments(
            "repeated string",
            "repeated {min_items: 1}",
            List.of(""),
            List.of(),
            "must have at least 1 item (got 0)"),
        arguments(
            "repeated string",
            "repeated {max_items: 1}",
            List.of("a"),
            List.of("a", "b"),
            "must have at most 1 item (got 2)"),
        arguments(
            "repeated string",
            "repeated {unique: true}",
            List.of("a", "b"),
            List.of("a", "a"),
            "must not have an item twice (got 2)"),
        arguments(
            "repeated int32",
            "repeated {min_items: 2 ignore_empty: true}",
            List.of(),
            List.of(1),
            "must have at least 2 items (got 1)"),
        arguments(
            "map",
            "map {min_pairs: 1}",
            Map.of("a", 1),
            Map.of(),
            "must have at least 1 item (got 0)"),
        arguments(
            "map",
            "map {max_pairs: 1}",
            Map.of("a", 1),
            Map.of("a", 1, "b", 2),
            "must have at most 1 item (got 2)"),
        arguments(
            "map",
            "map {no_sparse: true max_pairs: 0}",
            Map.of(),
            Map.of("a", 1),
            "must have 0 items (got 1)"),
        arguments(
            "map",
            "map {min_pairs: 2 ignore_empty: true}",
            Map.of(),
            Map.of("a", 1),
            "must have at least 2 items (got 1)"));
  }

  @ParameterizedTest
  @MethodSource({"numbers", "strings", "messages", "collections"})
  void aRuleHoldsOrIsBroken(String type, String rule, Object good, Object bad, String message)
      throws Exception {
    assertEquals(List.of(), check(type, rule, good));
    assertEquals(List.of(new Violation("f", message)), check(type, rule, bad));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void aStringHasAFormat(String rule, String good, String bad, String message) throws Exception {
    assertEquals(List.of(), check("string", "string {" + rule + "}", good));
    assertEquals(
        List.of(new Violation("f", "must be " + message + " (got '" + bad + "')")),
        check("string", "string {" + rule + "}", bad));
  }

  @org.junit.jupiter.api.Test
  void rulesReachTheItemsOfListsAndMaps() throws Exception {
    assertEquals(
        List.of(new Violation("f[1]", "must not be empty (got '')")),
        check("repeated string", "repeated {items {string {min_len: 1}}}", List.of("a", "")));
    assertEquals(
        List.of(new Violation("f[\"b\"]", "must be > 1 (got 1)")),
        check("map", "map {keys {string {min_len: 1}} values {int32 {gt: 1}}}", Map.of("b", 1)));
    assertEquals(
        List.of(new Violation("f[\"\"]", "must not be empty (got '')")),
        check("map", "map {keys {string {min_len: 1}} values {int32 {gt: 0}}}", Map.of("", 1)));
  }

  @org.junit.jupiter.api.Test
  void aSkippedMessageIsNotChecked() throws Exception {
    var cluster = Cluster.newBuilder().setLbPolicyValue(99).build();
    var type = ".envoy.config.cluster.v3.Cluster";
    assertEquals(2, check(type, "message {required: true}", cluster).size());
    assertEquals(List.of(), check(type, "message {skip: true}", cluster));
    assertEquals(
        List.of(),
        check("repeated " + type, "repeated {items {message {skip: true}}}", List.of(cluster)));
  }

  private static List<Violation> check(String type, String rule, Object value) throws Exception {
    var message = fieldOf(type, rule);
    var field = message.getDescriptorForType().findFieldByName("f");
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, item) -> message.addRepeatedField(field, entry(message, field, key, item)));
    } else if (value != null) {
      message.setField(field, value);
    }
    return Constraints.check(message.build(), "");
  }

  private static Message entry(
      DynamicMessage.Builder message, FieldDescriptor field, Object key, Object value) {
    var type = field.getMessageType();
    return message
        .newBuilderForField(field)
        .setField(type.findFieldByNumber(1), key)
        .setField(type.findFieldByNumber(2), value)
        .build();
  }

  /// A message type with one field `f` of the type, which has the rule.
  private static DynamicMessage.Builder fieldOf(String type, String rule) throws Exception {
    var name = type.replace("repeated ", "");
    var kind =
        type.equals("map")
            ? "type: TYPE_MESSAGE type_name: '.M.FEntry'"
            : name.equals(ENUM)
                ? "type: TYPE_ENUM type_name: '" + name + "'"
                : name.startsWith(".")
                    ? "type: TYPE_MESSAGE type_name: '" + name + "'"
                    : "type: TYPE_" + name.toUpperCase(java.util.Locale.ROOT);
    var repeated = type.equals("map") || type.startsWith("repeated");
    var file =
        """
        name: 'm.proto' syntax: 'proto3'
        dependency: 'google/protobuf/wrappers.proto'
        dependency: 'google/protobuf/duration.proto'
        dependency: 'google/protobuf/timestamp.proto'
        dependency: 'google/protobuf/any.proto'
        dependency: 'envoy/config/cluster/v3/cluster.proto'
        message_type {
          name: 'M'
          field { name: 'f' number: 1 label: %s %s options { [validate.rules] { %s } } }
          nested_type {
            name: 'FEntry' options { map_entry: true }
            field { name: 'key' number: 1 label: LABEL_OPTIONAL type: TYPE_STRING }
            field { name: 'value' number: 2 label: LABEL_OPTIONAL type: TYPE_INT32 }
          }
        }
        """
            .formatted(label(repeated), kind, rule);
    var extensions = ExtensionRegistry.newInstance();
    Validate.registerAllExtensions(extensions);
    var proto = FileDescriptorProto.newBuilder();
    TextFormat.merge(file, extensions, proto);
    var descriptor =
        FileDescriptor.buildFrom(
            proto.build(),
            new FileDescriptor[] {
              UInt32Value.getDescriptor().getFile(),
              Duration.getDescriptor().getFile(),
              Timestamp.getDescriptor().getFile(),
              Any.getDescriptor().getFile(),
              Cluster.getDescriptor().getFile(),
            });
    return DynamicMessage.newBuilder(descriptor.findMessageTypeByName("M"));
  }

  private static FieldDescriptorProto.Label label(boolean repeated) {
    return repeated
        ? FieldDescriptorProto.Label.LABEL_REPEATED
        : FieldDescriptorProto.Label.LABEL_OPTIONAL;
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static Object enumValue(int number) {
    return Cluster.DiscoveryType.getDescriptor().findValueByNumberCreatingIfUnknown(number);
  }

  private static Duration seconds(long seconds) {
    return Duration.newBuilder().setSeconds(seconds).build();
  }

  private static Timestamp time(long seconds) {
    return Timestamp.newBuilder().setSeconds(seconds).build();
  }

  private static Any any(String typeUrl) {
    return Any.newBuilder().setTypeUrl(typeUrl).build();
  }
}
