package dev.weir.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.weir.proto.settings.ClusterSettings;
import dev.weir.proto.settings.ListenerSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.pgv.validate.Validate;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every field of every message that states a rule is checked: there is a value that is refused, in
/// the message itself and within an `Any`. What each kind of rule says is in [ConstraintKindsTest].
class EveryRuleTest {
  private static final String LONG = "x".repeat(1 << 20);
  private static final List<Object> TEXTS = List.of("", "\n", LONG, "a b");
  private static final List<Object> INTS = List.of(0, 1, -1, 7, Integer.MIN_VALUE, 1 << 30);
  private static final List<Object> LONGS = List.of(0L, 1L, -1L, Long.MIN_VALUE, 1L << 60);
  private static final List<Object> FLOATS = List.of(0f, -1f, 1e30f, Float.NaN);
  private static final List<Object> DOUBLES = List.of(0d, -1d, 1e300, Double.NaN);
  private static final List<Object> BYTES =
      List.of(ByteString.EMPTY, ByteString.copyFromUtf8(LONG));

  /// No value breaks these: an unsigned number is at least 0, a text has at least 0 characters.
  private static final Set<String> UNBREAKABLE =
      Set.of(
          "envoy.config.core.v3.HealthCheck.HttpHealthCheck.response_buffer_size",
          "envoy.extensions.common.ratelimit.v3.RateLimitDescriptor.Entry.value");

  @Test
  void aFieldOfTheApiThatStatesARuleIsChecked() throws IOException, URISyntaxException {
    var unchecked = new TreeSet<String>();
    var rules = new int[1];
    for (var file : filesOfTheApi()) {
      forEachType(
          file.getMessageTypes(),
          type -> {
            var message = WireTypes.prototype(type.getFullName());
            if (message != null && !TypeRules.isExempt(type)) {
              rules[0] += check(type, message, unchecked);
            }
          });
    }
    assertEquals(UNBREAKABLE, unchecked);
    assertTrue(rules[0] > 900, () -> rules[0] + " rules found");
  }

  @Test
  void soIsOneThatIsNewerThanTheApiOrOurOwn() {
    var unchecked = new TreeSet<String>();
    var rules = new int[1];
    NewerFields.COMPANIONS.forEach((owner, name) -> {
      var message = WireTypes.prototype(owner);
      var companion = WireTypes.prototype("dev.weir.newer." + name);
      assertTrue(message != null && companion != null, owner);
      rules[0] += check(companion.getDescriptorForType(), message, unchecked);
    });
    var own = List.of(ClusterSettings.getDefaultInstance(), ListenerSettings.getDefaultInstance());
    own.forEach(it -> rules[0] += check(it.getDescriptorForType(), it, unchecked));
    assertEquals(Set.of(), unchecked);
    assertTrue(rules[0] > 20, () -> rules[0] + " rules found");
  }

  /// @param type the message's own, or that of its companion
  /// @param unchecked gets the fields and choices whose rule has no effect
  /// @return how many rules there are
  private static int check(Descriptor type, Message message, Set<String> unchecked) {
    var rules = 0;
    for (var field : type.getFields()) {
      if (statesRule(NewerFields.newest(field))) {
        rules++;
        if (candidates(field, message).noneMatch(it -> isRefused(it, field.getName()))) {
          unchecked.add(field.getFullName());
        }
      }
    }
    for (var choice : type.getRealOneofs()) {
      if (choice.getOptions().getExtension(Validate.required)
          && type.equals(message.getDescriptorForType())) {
        rules++;
        if (!isRefused(message, choice.getName())) {
          unchecked.add(choice.getFullName());
        }
      }
    }
    return rules;
  }

  private static boolean statesRule(FieldDescriptor field) {
    var rules = field.getOptions().getExtension(Validate.rules);
    // In a choice, required means to have a value once it is chosen, which cannot be otherwise.
    var chosen = field.getRealContainingOneof() != null && (rules.hasMessage() || rules.hasAny());
    return !rules.equals(Validate.FieldRules.getDefaultInstance()) && !chosen && !onlySkips(rules);
  }

  /// Whether all that it says is that messages in the field are not to be checked.
  private static boolean onlySkips(Validate.FieldRules rules) {
    if (rules.hasMessage()) {
      return !rules.getMessage().getRequired();
    }
    var ofItems =
        Validate.RepeatedRules.newBuilder().setItems(rules.getRepeated().getItems()).build();
    return rules.getRepeated().getItems().hasMessage() && rules.getRepeated().equals(ofItems);
  }

  private static boolean isRefused(Message message, String path) {
    return refuses(message, path) && refuses(Any.pack(message), path);
  }

  private static boolean refuses(Message message, String path) {
    var broken = Constraints.check(message, "");
    assertTrue(broken.isEmpty() || !Screening.passes(message), () -> "passed: " + broken);
    return broken.stream()
        .anyMatch(it -> it.path().equals(path) || it.path().startsWith(path + "["));
  }

  /// The message with values of every kind in the field, and without any.
  private static Stream<Message> candidates(FieldDescriptor field, Message message) {
    var values = new ArrayList<Object>();
    if (field.isMapField()) {
      entries(field).forEach(it -> values.add(List.of(it)));
    } else if (field.isRepeated()) {
      items(field).forEach(it -> values.addAll(repeated(it)));
    } else {
      values.addAll(items(field));
    }
    return Stream.concat(Stream.of(message), values.stream().map(it -> with(field, it, message)));
  }

  private static List<Object> repeated(Object item) {
    var many = new ArrayList<Object>();
    for (int i = 0; i < 2000; i++) {
      many.add(item);
    }
    return List.of(List.of(item), List.of(item, item), many);
  }

  private static Message with(FieldDescriptor field, Object value, Message message) {
    if (field.getContainingType().equals(message.getDescriptorForType())) {
      return message.toBuilder().setField(field, value).build();
    }
    var companion = WireTypes.prototype(field.getContainingType().getFullName());
    assertTrue(companion != null, field::getFullName);
    var owner = message.toBuilder();
    NewerFields.store(companion.toBuilder().setField(field, value).build(), owner);
    return owner.build();
  }

  private static List<Message> entries(FieldDescriptor field) {
    var entry = field.getMessageType();
    var entries = new ArrayList<Message>();
    for (var key : items(entry.findFieldByNumber(1))) {
      for (var value : items(entry.findFieldByNumber(2))) {
        entries.add(
            DynamicMessage.newBuilder(entry)
                .setField(entry.findFieldByNumber(1), key)
                .setField(entry.findFieldByNumber(2), value)
                .build());
      }
    }
    return entries;
  }

  private static List<Object> items(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case STRING -> TEXTS;
      case BYTE_STRING -> BYTES;
      case INT -> INTS;
      case LONG -> LONGS;
      case FLOAT -> FLOATS;
      case DOUBLE -> DOUBLES;
      case BOOLEAN -> List.of(false, true);
      case ENUM ->
          List.of(
              field.getEnumType().findValueByNumberCreatingIfUnknown(9999),
              field.getEnumType().getValues().getFirst());
      case MESSAGE -> messages(field.getMessageType());
    };
  }

  private static List<Object> messages(Descriptor type) {
    if (type.equals(Duration.getDescriptor())) {
      return Stream.of(0L, -1L, 1L << 35)
          .map(it -> (Object) Duration.newBuilder().setSeconds(it).build())
          .toList();
    }
    var message = WireTypes.prototype(type.getFullName());
    assertTrue(message != null, type::getFullName);
    if (!WellKnown.isWrapper(type)) {
      return List.of(message);
    }
    var value = type.findFieldByNumber(1);
    return items(value).stream()
        .map(it -> (Object) message.toBuilder().setField(value, it).build())
        .toList();
  }

  private static void forEachType(List<Descriptor> types, Consumer<Descriptor> action) {
    for (var type : types) {
      if (!type.getOptions().getMapEntry()) {
        action.accept(type);
        forEachType(type.getNestedTypes(), action);
      }
    }
  }

  /// The files of the API jar that are not of a retired version.
  private static List<FileDescriptor> filesOfTheApi() throws IOException, URISyntaxException {
    var jar = Path.of(Cluster.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    var files = new ArrayList<FileDescriptor>();
    try (var open = new JarFile(jar.toFile())) {
      for (var entry : open.stream().toList()) {
        var name = entry.getName();
        if (name.matches(
            "(io/envoyproxy/envoy/.*/v3|com/github/xds/.*)/[A-Za-z0-9]*Proto\\.class")) {
          var type = Class.forName(name.replace(".class", "").replace('/', '.'));
          if (type.getMethod("getDescriptor").invoke(null) instanceof FileDescriptor file) {
            files.add(file);
          }
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a generated class is not as they all are", e);
    }
    return files;
  }
}
