package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UInt64Value;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.pgv.validate.Validate;
import io.envoyproxy.pgv.validate.Validate.DoubleRules;
import io.envoyproxy.pgv.validate.Validate.DurationRules;
import io.envoyproxy.pgv.validate.Validate.FieldRules;
import io.envoyproxy.pgv.validate.Validate.RepeatedRules;
import io.envoyproxy.pgv.validate.Validate.StringRules;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every rule that the API states of a field of a cluster or an assignment, or of whatever they
/// hold: a message that breaks it is refused, and the refusal names the field. The rules are read
/// from the API itself, so that none is forgotten.
class ClusterConstraintsTest {

  /// A field, and a value that its rules forbid.
  ///
  /// @param way the fields that lead to it
  /// @param name of the field, or of the choice between fields
  /// @param value null where it must not be left out
  record Broken(Descriptor root, List<FieldDescriptor> way, String name, @Nullable Object value) {

    String path() {
      return Stream.concat(
              way.stream().map(it -> it.getName() + (it.isRepeated() ? "[0]" : "")),
              Stream.of(name))
          .collect(Collectors.joining("."));
    }

    /// The whole message with nothing in it but this.
    Message message() {
      var holder = way.isEmpty() ? root : way.getLast().getMessageType();
      var message = DynamicMessage.newBuilder(holder);
      if (value != null) {
        set(message, holder.findFieldByName(name), value);
      }
      for (int i = way.size() - 1; i >= 0; i--) {
        var outer = DynamicMessage.newBuilder(i == 0 ? root : way.get(i - 1).getMessageType());
        set(outer, way.get(i), message.build());
        message = outer;
      }
      return message.build();
    }

    private static void set(DynamicMessage.Builder message, FieldDescriptor field, Object value) {
      boolean many = field.isRepeated() && !(value instanceof List);
      message.setField(field, many ? List.of(value) : value);
    }

    @Override
    public String toString() {
      return root.getName() + "." + path();
    }
  }

  static List<Broken> rules() {
    var all = new ArrayList<Broken>();
    for (var root : List.of(Cluster.getDescriptor(), ClusterLoadAssignment.getDescriptor())) {
      collect(root, all);
    }
    return all;
  }

  private static void collect(Descriptor root, List<Broken> all) {
    var seen = new HashSet<Descriptor>();
    var open = new ArrayDeque<List<FieldDescriptor>>();
    open.add(List.of());
    while (!open.isEmpty()) {
      var way = open.remove();
      var type = way.isEmpty() ? root : way.getLast().getMessageType();
      if (!seen.add(type)) {
        continue; // The rules of a message are the same wherever it is.
      }
      for (var field : type.getFields()) {
        var value = forbidden(field);
        if (value != null) {
          all.add(new Broken(root, way, field.getName(), value));
        }
        if (isRequired(field)) {
          all.add(new Broken(root, way, field.getName(), null));
        }
        if (leadsOn(field)) {
          open.add(Stream.concat(way.stream(), Stream.of(field)).toList());
        }
      }
      for (var choice : type.getRealOneofs()) {
        if (choice.getOptions().getExtension(Validate.required)) {
          all.add(new Broken(root, way, choice.getName(), null));
        }
      }
    }
  }

  private static boolean leadsOn(FieldDescriptor field) {
    return field.getJavaType() == JavaType.MESSAGE
        && !field.isMapField()
        && !field.getMessageType().getFullName().startsWith("google.protobuf.");
  }

  private static FieldRules rulesOf(FieldDescriptor field) {
    return field.getOptions().getExtension(Validate.rules);
  }

  /// Whether it must not be left out. Of a choice that is so only once it is chosen.
  private static boolean isRequired(FieldDescriptor field) {
    var rules = rulesOf(field);
    return field.getRealContainingOneof() == null
        && (rules.getMessage().getRequired()
            || rules.getDuration().getRequired()
            || rules.getAny().getRequired());
  }

  /// Null if the rules forbid nothing that can be made here.
  private static @Nullable Object forbidden(FieldDescriptor field) {
    if (field.getFullName().equals("envoy.config.core.v3.RuntimeDouble.runtime_key")) {
      return null; // A later API has dropped the rule.
    }
    var rules = rulesOf(field);
    return switch (rules.getTypeCase()) {
      case UINT32 -> {
        var of = rules.getUint32();
        yield number(
            field,
            beyond(
                of.hasGte() ? of.getGte() : of.hasGt() ? of.getGt() + 1L : 0,
                of.hasLte() ? of.getLte() : of.hasLt() ? of.getLt() - 1L : -1));
      }
      case UINT64 -> {
        var of = rules.getUint64();
        yield number(field, beyond(of.hasGte() ? of.getGte() : 0, of.hasLte() ? of.getLte() : -1));
      }
      case DOUBLE -> real(field, rules.getDouble());
      case STRING -> text(rules.getString());
      case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(4711);
      case DURATION -> duration(rules.getDuration());
      case REPEATED -> items(field, rules.getRepeated());
      default -> null;
    };
  }

  /// @param most -1 for no limit
  /// @return -1 if there is nothing beyond
  private static long beyond(long least, long most) {
    return most >= 0 ? most + 1 : least - 1;
  }

  private static @Nullable Object number(FieldDescriptor field, long value) {
    if (value < 0) {
      return null;
    }
    return switch (field.getType()) {
      case UINT32 -> (int) value;
      case UINT64 -> value;
      case MESSAGE ->
          field.getMessageType().getFullName().endsWith("UInt32Value")
              ? UInt32Value.of((int) value)
              : UInt64Value.of(value);
      default -> null;
    };
  }

  private static Object real(FieldDescriptor field, DoubleRules rules) {
    double value = rules.hasLte() ? rules.getLte() + 1 : rules.getGte() - 1;
    return field.getType() == FieldDescriptor.Type.DOUBLE ? (Object) value : DoubleValue.of(value);
  }

  private static @Nullable Object text(StringRules rules) {
    if (rules.hasMaxBytes()) {
      return "x".repeat((int) rules.getMaxBytes() + 1);
    }
    if (rules.hasMaxLen()) {
      return "x".repeat((int) rules.getMaxLen() + 1);
    }
    if (rules.hasMinLen() || rules.hasMinBytes()) {
      return "";
    }
    return rules.getWellKnownRegex() == Validate.KnownRegex.UNKNOWN ? null : "a\nb";
  }

  private static @Nullable Object duration(DurationRules rules) {
    if (rules.hasGt() || rules.hasGte()) {
      var bound = rules.hasGt() ? rules.getGt() : rules.getGte();
      return bound.getSeconds() > 0
          ? bound.toBuilder().setSeconds(bound.getSeconds() - 1).build()
          : Duration.newBuilder().setSeconds(-1).build();
    }
    return null;
  }

  private static @Nullable Object items(FieldDescriptor field, RepeatedRules rules) {
    if (rules.hasMaxItems() && leadsOn(field)) {
      Message empty = DynamicMessage.getDefaultInstance(field.getMessageType());
      return Collections.nCopies((int) rules.getMaxItems() + 1, empty);
    }
    return rules.hasMinItems() && rules.getMinItems() > 0 ? List.of() : null;
  }

  private static List<String> problems(Broken it) throws InvalidProtocolBufferException {
    var bytes = it.message().toByteString();
    try {
      if (it.root.equals(Cluster.getDescriptor())) {
        ClusterDecoder.decode(Cluster.parseFrom(bytes), "");
      } else {
        EndpointsDecoder.decode(ClusterLoadAssignment.parseFrom(bytes), "");
      }
      return List.of();
    } catch (InvalidResourceException e) {
      return e.problems();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void aBrokenRuleIsRefusedWithThePathOfItsField(Broken broken)
      throws InvalidProtocolBufferException {
    var problems = problems(broken);
    // Of a list the rule may be one for each element.
    assertTrue(
        problems.stream()
            .anyMatch(
                it -> it.startsWith(broken.path() + ":") || it.startsWith(broken.path() + "[0]:")),
        () -> broken.path() + " is none of " + problems);
  }

  @Test
  void thereAreManyRules() {
    assertEquals(true, rules().size() > 100, () -> "only " + rules().size());
  }
}
