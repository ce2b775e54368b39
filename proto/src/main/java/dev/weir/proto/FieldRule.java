package dev.weir.proto;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.envoyproxy.pgv.validate.Validate;
import io.envoyproxy.pgv.validate.Validate.FieldRules;
import io.envoyproxy.pgv.validate.Validate.MapRules;
import io.envoyproxy.pgv.validate.Validate.RepeatedRules;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rules of one field. What they say is that of protoc-gen-validate.
///
/// @param required whether it must be set
/// @param whole about the value: of a list or a map, about the number of its items
/// @param key about each key of a map
/// @param item about each item of a list, each value of a map
record FieldRule(
    FieldDescriptor field,
    boolean required,
    @Nullable ValueRule whole,
    @Nullable ValueRule key,
    @Nullable ValueRule item) {

  /// The rules that the field's declaration states.
  ///
  /// @return null if it states none
  static @Nullable FieldRule of(FieldDescriptor field) {
    var options = NewerFields.newest(field).getOptions();
    if (!options.hasExtension(Validate.rules)) {
      return null;
    }
    var rules = options.getExtension(Validate.rules);
    var required = field.getRealContainingOneof() == null && isRequired(rules);
    var rule =
        switch (rules.getTypeCase()) {
          case REPEATED -> ofList(field, rules.getRepeated());
          case MAP -> ofMap(field, rules.getMap());
          default -> new FieldRule(field, required, ValueRules.of(rules, field), null, null);
        };
    return rule.required || rule.whole != null || rule.key != null || rule.item != null
        ? rule
        : null;
  }

  /// Of a choice it says only that there must be a value once it is chosen.
  private static boolean isRequired(FieldRules rules) {
    return rules.getMessage().getRequired()
        || rules.getAny().getRequired()
        || rules.getDuration().getRequired()
        || rules.getTimestamp().getRequired();
  }

  /// Whether messages in the field are not to be checked.
  static boolean skips(FieldDescriptor field) {
    var rules = field.getOptions().getExtension(Validate.rules);
    return rules.getMessage().getSkip() || rules.getRepeated().getItems().getMessage().getSkip();
  }

  private static FieldRule ofList(FieldDescriptor field, RepeatedRules rules) {
    var list =
        sized(rules.hasMinItems(), rules.getMinItems(), rules.hasMaxItems(), rules.getMaxItems());
    list.exempt(rules.getIgnoreEmpty(), List::isEmpty)
        .add(
            rules.getUnique(),
            "must not have an item twice",
            items -> new HashSet<Object>(items).size() == items.size());
    var states = rules.hasMinItems() || rules.hasMaxItems() || rules.getUnique();
    return new FieldRule(
        field, false, states ? list.build() : null, null, ValueRules.of(rules.getItems(), field));
  }

  private static FieldRule ofMap(FieldDescriptor field, MapRules rules) {
    // no_sparse is about values that are absent, of which the wire format knows nothing.
    var list =
        sized(rules.hasMinPairs(), rules.getMinPairs(), rules.hasMaxPairs(), rules.getMaxPairs());
    list.exempt(rules.getIgnoreEmpty(), List::isEmpty);
    var entry = field.getMessageType();
    return new FieldRule(
        field,
        false,
        rules.hasMinPairs() || rules.hasMaxPairs() ? list.build() : null,
        ValueRules.of(rules.getKeys(), entry.findFieldByNumber(1)),
        ValueRules.of(rules.getValues(), entry.findFieldByNumber(2)));
  }

  private static RuleList<List<?>> sized(boolean hasMin, long min, boolean hasMax, long max) {
    var list = new RuleList<List<?>>(value -> (List<?>) value);
    TextRules.addLength(list, hasMin, min, Long.MAX_VALUE, "item", List::size);
    TextRules.addLength(list, hasMax, 0, max, "item", List::size);
    return list;
  }

  /// Adds the rules that the field breaks in this message.
  void check(Message message, FieldPath path, List<Violation> broken) {
    if (field.isRepeated()) {
      checkAll(message, path, broken);
    } else if (field.hasPresence() && !message.hasField(field)) {
      if (required) {
        report("is required", null, field.getName(), path, broken);
      }
    } else if (whole != null) {
      checkOne(whole, unwrapped(message.getField(field)), field.getName(), path, broken);
    }
  }

  private void checkAll(Message message, FieldPath path, List<Violation> broken) {
    if (whole != null) {
      checkOne(whole, message.getField(field), field.getName(), path, broken);
    }
    if (key == null && item == null) {
      return;
    }
    var mark = path.enter(field.getName());
    for (var i = 0; i < message.getRepeatedFieldCount(field); i++) {
      var value = message.getRepeatedField(field, i);
      if (field.isMapField()) {
        checkEntry((Message) value, path, broken);
      } else if (item != null) {
        checkOne(item, unwrapped(value), FieldPath.item(i), path, broken);
      }
    }
    path.leave(mark);
  }

  private void checkEntry(Message entry, FieldPath path, List<Violation> broken) {
    var step = MessageWalk.entry(entry);
    var type = entry.getDescriptorForType();
    if (key != null) {
      checkOne(key, entry.getField(type.findFieldByNumber(1)), step, path, broken);
    }
    if (item != null) {
      checkOne(item, unwrapped(entry.getField(type.findFieldByNumber(2))), step, path, broken);
    }
  }

  private void checkOne(
      ValueRule rule, Object value, String step, FieldPath path, List<Violation> broken) {
    var message = rule.broken(value);
    if (message != null) {
      report(message, value, step, path, broken);
    }
  }

  private void report(
      String message, @Nullable Object value, String step, FieldPath path, List<Violation> broken) {
    var got =
        value == null || Shown.isSecret(field)
            ? ""
            : " (got " + Shown.value(value, isUnsigned()) + ")";
    var mark = path.enter(step);
    broken.add(new Violation(path.toString(), message + got));
    path.leave(mark);
  }

  private boolean isUnsigned() {
    var type =
        field.getJavaType() == JavaType.MESSAGE
            ? field.getMessageType().getName() // a wrapper: UInt32Value
            : field.getType().name();
    return type.startsWith("UI") || type.startsWith("FIXED");
  }

  /// The value in a wrapper message; any other value as it is.
  private static Object unwrapped(Object value) {
    if (value instanceof Message message && WellKnown.isWrapper(message.getDescriptorForType())) {
      return message.getField(message.getDescriptorForType().findFieldByNumber(1));
    }
    return value;
  }
}
