package dev.weir.config;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import dev.weir.proto.Constraints;
import dev.weir.proto.DeprecatedFields;
import dev.weir.proto.Screening;
import dev.weir.proto.Violation;
import dev.weir.xds.InvalidResourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What the decoding of every kind of resource has in common: the rules of the `.proto` files come
/// first, and at the end all problems are reported together.
public final class ResourceDecoder {
  /// An index or a map's key in a path.
  private static final Pattern INDEX =
      Pattern.compile("^\\.|\\[\\d+]|\\[\"(?:[^\"\\\\]|\\\\.)*+\"]", Pattern.DOTALL);

  private ResourceDecoder() {}

  /// Makes config of a message that keeps the rules of its `.proto` file.
  public interface Body<M, T> {
    /// Reads all of it.
    ///
    /// @throws InvalidResourceException if there is no going on
    T decode(M wire, Field at) throws InvalidResourceException;
  }

  /// Decodes one resource.
  ///
  /// @param path what the paths begin with; may be empty
  /// @throws InvalidResourceException with every problem that was noted or thrown
  public static <M extends Message, T> Checked<T> decode(M wire, String path, Body<M, T> body)
      throws InvalidResourceException {
    if (Screening.passes(wire)) {
      var at = Field.root(path);
      T value = finish(wire, at, body);
      return new Checked<>(value, at.warnings());
    }
    var broken = Constraints.check(wire, path);
    if (!broken.isEmpty()) {
      throw refusal(wire, path, broken);
    }
    var at = Field.root(path);
    T value = finish(wire, at, body);
    var deprecated = DeprecatedFields.find(wire, path).stream().map(Violation::toString).toList();
    return new Checked<>(value, at.warnings(), deprecated, List.of());
  }

  /// Tells the message's own broken rules from those of what is packed inside it.
  private static InvalidResourceException refusal(
      Message wire, String path, List<Violation> broken) {
    boolean own =
        broken.stream()
            .map(violation -> violation.path().substring(path.length()))
            .anyMatch(below -> !leadsIntoAny(wire.getDescriptorForType(), below));
    return own ? InvalidResourceException.malformed(broken) : new InvalidResourceException(broken);
  }

  private static boolean leadsIntoAny(Descriptor type, String path) {
    var message = type;
    for (var name : INDEX.matcher(path).replaceAll("").split("\\.", -1)) {
      var field = message.findFieldByName(name);
      if (field != null && field.isMapField()) {
        field = field.getMessageType().findFieldByName("value");
      }
      if (field == null || field.getJavaType() != JavaType.MESSAGE) {
        return false;
      }
      message = field.getMessageType();
      if (message.equals(Any.getDescriptor())) {
        return true;
      }
    }
    return false;
  }

  private static <M, T> T finish(M wire, Field at, Body<M, T> body)
      throws InvalidResourceException {
    T value;
    try {
      value = body.decode(wire, at);
    } catch (InvalidResourceException e) {
      var all = new ArrayList<Violation>(at.problems());
      all.addAll(e.violations());
      throw new InvalidResourceException(all);
    }
    if (!at.problems().isEmpty()) {
      throw new InvalidResourceException(at.problems());
    }
    return value;
  }
}
