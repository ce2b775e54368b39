package dev.weir.proto;

import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.envoyproxy.pgv.validate.Validate.FieldRules;
import io.envoyproxy.pgv.validate.Validate.TimestampRules;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rules about values that have an order: numbers, durations, points in time. Their rule messages
/// all have the same fields, which are therefore read by name.
final class OrderRules {
  private static final Comparator<Object> SIGNED_INT = Comparator.comparingInt(v -> (Integer) v);
  private static final Comparator<Object> SIGNED_LONG = Comparator.comparingLong(v -> (Long) v);
  private static final Comparator<Object> UNSIGNED_INT =
      (a, b) -> Integer.compareUnsigned((Integer) a, (Integer) b);
  private static final Comparator<Object> UNSIGNED_LONG =
      (a, b) -> Long.compareUnsigned((Long) a, (Long) b);
  private static final Comparator<Object> FLOAT = Comparator.comparing(v -> (Float) v);
  private static final Comparator<Object> DOUBLE = Comparator.comparing(v -> (Double) v);
  private static final Comparator<Object> DURATION =
      Comparator.comparing(v -> TimeText.seconds((Duration) v));
  private static final Comparator<Object> TIMESTAMP =
      Comparator.comparing(v -> TimeText.seconds((Timestamp) v));

  private final Message rules;
  private final Comparator<Object> order;
  private final boolean unsigned;

  private OrderRules(Message rules, Comparator<Object> order) {
    this.rules = rules;
    this.order = order;
    this.unsigned = order.equals(UNSIGNED_INT) || order.equals(UNSIGNED_LONG);
  }

  /// The rule that a rule message states; null if it is about other values.
  static @Nullable ValueRule of(FieldRules rules) {
    return switch (rules.getTypeCase()) {
      case INT32 -> of(rules.getInt32(), SIGNED_INT);
      case SINT32 -> of(rules.getSint32(), SIGNED_INT);
      case SFIXED32 -> of(rules.getSfixed32(), SIGNED_INT);
      case UINT32 -> of(rules.getUint32(), UNSIGNED_INT);
      case FIXED32 -> of(rules.getFixed32(), UNSIGNED_INT);
      case INT64 -> of(rules.getInt64(), SIGNED_LONG);
      case SINT64 -> of(rules.getSint64(), SIGNED_LONG);
      case SFIXED64 -> of(rules.getSfixed64(), SIGNED_LONG);
      case UINT64 -> of(rules.getUint64(), UNSIGNED_LONG);
      case FIXED64 -> of(rules.getFixed64(), UNSIGNED_LONG);
      case FLOAT -> of(rules.getFloat(), FLOAT);
      case DOUBLE -> of(rules.getDouble(), DOUBLE);
      case DURATION -> of(rules.getDuration(), DURATION);
      case TIMESTAMP -> of(rules.getTimestamp(), TIMESTAMP).and(now(rules.getTimestamp()));
      case BOOL, STRING, BYTES, ENUM, REPEATED, MAP, ANY, TYPE_NOT_SET -> null;
    };
  }

  private static ValueRule of(Message rules, Comparator<Object> order) {
    var own = new OrderRules(rules, order);
    var all = own.constant().and(own.range()).and(own.in()).and(own.notIn());
    return Boolean.TRUE.equals(own.get("ignore_empty")) ? unlessZero(all) : all;
  }

  private static ValueRule unlessZero(ValueRule rule) {
    return value -> value instanceof Number n && n.doubleValue() == 0 ? null : rule.broken(value);
  }

  private ValueRule constant() {
    var wanted = get("const");
    return value ->
        wanted == null || order.compare(value, wanted) == 0 ? null : "must be " + show(wanted);
  }

  private ValueRule in() {
    var wanted = list("in");
    return value ->
        wanted.isEmpty() || has(wanted, value) ? null : "must be one of " + show(wanted);
  }

  private ValueRule notIn() {
    var unwanted = list("not_in");
    return value -> has(unwanted, value) ? "must be none of " + show(unwanted) : null;
  }

  private boolean has(List<Object> values, Object value) {
    return values.stream().anyMatch(one -> order.compare(one, value) == 0);
  }

  /// Both bounds together. A lower one above the upper one means: outside of what lies between.
  private ValueRule range() {
    var lower = get("gt") == null ? get("gte") : get("gt");
    var upper = get("lt") == null ? get("lte") : get("lt");
    var openBelow = get("gt") != null;
    var openAbove = get("lt") != null;
    var above = lower == null ? "" : (openBelow ? "> " : "≥ ") + show(lower);
    var below = upper == null ? "" : (openAbove ? "< " : "≤ ") + show(upper);
    var outside = lower != null && upper != null && order.compare(lower, upper) > 0;
    var link = above.isEmpty() || below.isEmpty() ? "" : outside ? " or " : " and ";
    var message = "must be " + above + link + below;
    return value -> {
      var low = lower == null || order.compare(value, lower) >= (openBelow ? 1 : 0);
      var high = upper == null || order.compare(value, upper) <= (openAbove ? -1 : 0);
      return (outside ? low || high : low && high) ? null : message;
    };
  }

  /// Rules about a point in time that depend on when it is looked at.
  private static ValueRule now(TimestampRules rules) {
    var most = TimeText.seconds(rules.getWithin());
    return value -> {
      var now = BigDecimal.valueOf(System.currentTimeMillis(), 3);
      var ahead = TimeText.seconds((Timestamp) value).subtract(now);
      if (rules.getLtNow() && ahead.signum() >= 0) {
        return "must be in the past";
      }
      if (rules.getGtNow() && ahead.signum() <= 0) {
        return "must be in the future";
      }
      return rules.hasWithin() && ahead.abs().compareTo(most) > 0
          ? "must be within " + TimeText.text(rules.getWithin()) + " of now"
          : null;
    };
  }

  private @Nullable Object get(String name) {
    var field = rules.getDescriptorForType().findFieldByName(name);
    return field != null && rules.hasField(field) ? rules.getField(field) : null;
  }

  @SuppressWarnings("unchecked") // a repeated field's value is a list
  private List<Object> list(String name) {
    var field = rules.getDescriptorForType().findFieldByName(name);
    return field == null ? List.of() : (List<Object>) rules.getField(field);
  }

  private String show(Object value) {
    return Shown.value(value, unsigned);
  }

  private String show(List<Object> values) {
    return values.stream().map(this::show).toList().toString();
  }
}
