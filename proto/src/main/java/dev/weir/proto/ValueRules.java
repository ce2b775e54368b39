package dev.weir.proto;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.envoyproxy.pgv.validate.Validate.AnyRules;
import io.envoyproxy.pgv.validate.Validate.BoolRules;
import io.envoyproxy.pgv.validate.Validate.EnumRules;
import io.envoyproxy.pgv.validate.Validate.FieldRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes a [ValueRule] of what a `.proto` file states about one value.
final class ValueRules {
  private ValueRules() {}

  /// The rule about one value of a field.
  ///
  /// @param field what the rules are stated of; of a map, its key or its value
  /// @return null if nothing is stated
  static @Nullable ValueRule of(FieldRules rules, FieldDescriptor field) {
    return switch (rules.getTypeCase()) {
      case STRING -> TextRules.of(rules.getString());
      case BYTES -> TextRules.of(rules.getBytes());
      case ENUM -> enumRule(rules.getEnum(), field);
      case ANY -> anyRule(rules.getAny());
      case BOOL -> boolRule(rules.getBool());
      case REPEATED, MAP, TYPE_NOT_SET -> null;
      default -> OrderRules.of(rules);
    };
  }

  private static ValueRule boolRule(BoolRules rules) {
    return new RuleList<>(Boolean.class::cast)
        .add(rules.hasConst(), "must be " + rules.getConst(), value -> value == rules.getConst())
        .build();
  }

  private static ValueRule enumRule(EnumRules rules, FieldDescriptor field) {
    return new RuleList<>(EnumValueDescriptor.class::cast)
        .add(
            rules.getDefinedOnly(),
            "must be a value of " + field.getEnumType().getName(),
            value -> NewerFields.nameOf(field, value) != null)
        .add(
            rules.hasConst(),
            "must be " + name(field, rules.getConst()),
            value -> value.getNumber() == rules.getConst())
        .add(
            rules.getInCount() > 0,
            "must be one of " + names(field, rules.getInList()),
            value -> rules.getInList().contains(value.getNumber()))
        .add(
            rules.getNotInCount() > 0,
            "must be none of " + names(field, rules.getNotInList()),
            value -> !rules.getNotInList().contains(value.getNumber()))
        .build();
  }

  private static String name(FieldDescriptor field, int number) {
    var value = field.getEnumType().findValueByNumber(number);
    return value == null ? Integer.toString(number) : value.getName();
  }

  private static List<String> names(FieldDescriptor field, List<Integer> numbers) {
    return numbers.stream().map(number -> name(field, number)).toList();
  }

  private static @Nullable ValueRule anyRule(AnyRules rules) {
    if (rules.getInCount() == 0 && rules.getNotInCount() == 0) {
      return null;
    }
    var type =
        new RuleList<>(String.class::cast)
            .addChoices(rules.getInList(), rules.getNotInList())
            .build();
    return value -> {
      var broken = type.broken(((Any) value).getTypeUrl());
      return broken == null ? null : "the type " + broken;
    };
  }
}
