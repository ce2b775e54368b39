package dev.weir.config;

import static org.junit.jupiter.api.Assertions.fail;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.weir.proto.WireTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Random changes of a valid message. Each is as good as what a confused control plane might send.
public final class Mutations {
  private static final int FEW = 4;

  private final Random random;

  private Mutations(long seed) {
    this.random = new Random(seed);
  }

  /// What takes a changed message.
  public interface Taker<M> {
    /// Takes it, or says why not in the way that it always does.
    ///
    /// @throws Exception if it falls over instead
    void take(M message) throws Exception;
  }

  /// Hands out that many changed messages; fails with the seed if the taker falls over.
  @SuppressWarnings("unchecked") // a builder builds its own type
  public static <M extends Message> void run(M valid, int count, Taker<M> taker) {
    long first = System.nanoTime();
    for (long seed = first; seed < first + count; seed++) {
      var mutations = new Mutations(seed);
      M changed = valid;
      try {
        for (int i = 0; i <= mutations.random.nextInt(FEW); i++) {
          changed = (M) mutations.changed(changed);
        }
        taker.take(changed);
      } catch (Exception | StackOverflowError e) {
        fail("seed " + seed + " of " + valid.getDescriptorForType().getName() + ":\n" + changed, e);
      }
    }
  }

  /// The message with one thing changed, somewhere inside it.
  private Message changed(Message message) {
    if (message instanceof Any any) {
      return changedAny(any);
    }
    var builder = message.toBuilder();
    var inside = new ArrayList<FieldDescriptor>();
    for (var field : message.getAllFields().keySet()) {
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        inside.add(field);
      }
    }
    if (!inside.isEmpty() && random.nextInt(3) > 0) {
      changeInside(builder, pick(inside));
    } else if (!message.getDescriptorForType().getFields().isEmpty()) {
      changeField(builder, pick(message.getDescriptorForType().getFields()));
    }
    return builder.buildPartial();
  }

  private void changeInside(Message.Builder builder, FieldDescriptor field) {
    if (!field.isRepeated()) {
      builder.setField(field, changed((Message) builder.getField(field)));
      return;
    }
    int index = random.nextInt(builder.getRepeatedFieldCount(field));
    var item = (Message) builder.getRepeatedField(field, index);
    switch (random.nextInt(FEW)) {
      case 0 -> builder.addRepeatedField(field, item);
      default -> builder.setRepeatedField(field, index, changed(item));
    }
  }

  private void changeField(Message.Builder builder, FieldDescriptor field) {
    if (random.nextInt(3) == 0) {
      builder.clearField(field);
    } else if (field.isRepeated()) {
      builder.addRepeatedField(field, value(builder, field));
    } else {
      builder.setField(field, value(builder, field));
    }
  }

  private Object value(Message.Builder builder, FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT -> pick(List.of(0, 1, -1, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE));
      case LONG -> pick(List.of(0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32));
      case FLOAT -> pick(List.of(0f, -1f, Float.NaN, Float.MAX_VALUE));
      case DOUBLE -> pick(List.of(0d, -1d, 101d, Double.NaN, Double.POSITIVE_INFINITY));
      case BOOLEAN -> random.nextBoolean();
      case STRING -> pick(List.of("", "*", "::", "%", "a/b\0c", "é", "x".repeat(300)));
      case BYTE_STRING -> ByteString.copyFromUtf8("\1\2\3");
      case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(9) - 1);
      case MESSAGE -> builder.newBuilderForField(field).buildPartial();
    };
  }

  private Any changedAny(Any any) {
    return switch (random.nextInt(FEW)) {
      case 0 -> any.toBuilder().setTypeUrl("type.googleapis.com/google.protobuf.Duration").build();
      case 1 -> any.toBuilder().setValue(ByteString.copyFromUtf8("\1\2\3\377")).build();
      default -> {
        try {
          yield Any.pack(changed(WireTypes.unpack(any)));
        } catch (InvalidProtocolBufferException _) {
          yield any;
        }
      }
    };
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
