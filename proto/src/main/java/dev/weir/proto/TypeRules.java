package dev.weir.proto;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import io.envoyproxy.pgv.validate.Validate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// The rules of one message type, without those of the messages inside it.
final class TypeRules {
  private static final ConcurrentHashMap<Descriptor, TypeRules> KNOWN = new ConcurrentHashMap<>();

  private final List<FieldRule> fields;
  private final List<OneofDescriptor> required;

  private TypeRules(Descriptor type) {
    fields =
        isExempt(type)
            ? List.of()
            : type.getFields().stream().map(FieldRule::of).filter(Objects::nonNull).toList();
    required =
        isExempt(type)
            ? List.of()
            : type.getRealOneofs().stream()
                .filter(oneof -> oneof.getOptions().getExtension(Validate.required))
                .toList();
  }

  /// The rules of a type, worked out when they are first asked for.
  static TypeRules of(Descriptor type) {
    var known = KNOWN.get(type);
    if (known == null) {
      known = new TypeRules(type);
      KNOWN.put(type, known);
    }
    return known;
  }

  /// Whether the type is marked as not to be checked, with all inside it.
  static boolean isExempt(Descriptor type) {
    var options = type.getOptions();
    return options.getExtension(Validate.disabled) || options.getExtension(Validate.ignored);
  }

  boolean isEmpty() {
    return fields.isEmpty() && required.isEmpty();
  }

  /// Adds the rules that the message breaks.
  void check(Message message, FieldPath path, List<Violation> broken) {
    for (var field : fields) {
      field.check(message, path, broken);
    }
    for (var oneof : required) {
      if (!message.hasOneof(oneof) && !hasNewer(message, oneof)) {
        var mark = path.enter(oneof.getName());
        broken.add(new Violation(path.toString(), "one of " + names(oneof) + " is required"));
        path.leave(mark);
      }
    }
  }

  /// Whether a choice is set that is newer than the API jar.
  private static boolean hasNewer(Message message, OneofDescriptor oneof) {
    var newer = NewerFields.of(message);
    return newer != null
        && newer.getDescriptorForType().getRealOneofs().stream()
            .anyMatch(other -> other.getName().equals(oneof.getName()) && newer.hasOneof(other));
  }

  private static String names(OneofDescriptor oneof) {
    return oneof.getFields().stream()
        .map(field -> field.getName())
        .collect(Collectors.joining(", "));
  }
}
