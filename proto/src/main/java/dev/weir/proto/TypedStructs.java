package dev.weir.proto;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weir.proto.Positions.Position;
import java.math.BigDecimal;

/// Makes messages of `TypedStruct`s: of a type URL and the message's JSON as a `Struct`, which is
/// how extensions are configured by those who do not have their `.proto` files. Any thread may
/// call.
public final class TypedStructs {
  private TypedStructs() {}

  /// The message that an `Any` stands for: the one inside, or the one that a `TypedStruct` inside
  /// describes, if its type is known. A `TypedStruct` of an unknown type is returned as it is.
  ///
  /// @throws WireException if the type of the `Any` is unknown, its bytes are no message of that
  ///   type, or the struct does not fit the type that it names
  public static Message unpack(Any any, OnUnknown onUnknown) throws WireException {
    Message message;
    try {
      message = WireTypes.unpack(any);
    } catch (InvalidProtocolBufferException e) {
      throw Findings.single(String.valueOf(e.getMessage()), Position.UNKNOWN);
    }
    return switch (message) {
      case com.github.udpa.udpa.type.v1.TypedStruct typed ->
          described(typed, typed.getTypeUrl(), typed.getValue(), onUnknown);
      case com.github.xds.type.v3.TypedStruct typed ->
          described(typed, typed.getTypeUrl(), typed.getValue(), onUnknown);
      default -> message;
    };
  }

  private static Message described(Message typed, String typeUrl, Struct value, OnUnknown onUnknown)
      throws WireException {
    var prototype = WireTypes.prototype(WireTypes.nameOf(typeUrl));
    if (prototype == null) {
      return typed;
    }
    var findings = new Findings(onUnknown);
    var builder = prototype.newBuilderForType();
    new MessageReader(findings).read(fields(value), builder, Positions.root(Position.UNKNOWN));
    findings.refuse();
    return builder.build();
  }

  private static TextNode fields(Struct struct) {
    var fields =
        struct.getFieldsMap().entrySet().stream()
            .map(entry ->
                new TextNode.Field(entry.getKey(), node(entry.getValue()), Position.UNKNOWN))
            .toList();
    return new TextNode.Fields(fields, Position.UNKNOWN);
  }

  private static TextNode node(Value value) {
    var at = Position.UNKNOWN;
    return switch (value.getKindCase()) {
      case STRUCT_VALUE -> fields(value.getStructValue());
      case LIST_VALUE ->
          new TextNode.Items(
              value.getListValue().getValuesList().stream().map(TypedStructs::node).toList(), at);
      case STRING_VALUE -> new TextNode.Text(value.getStringValue(), at);
      case BOOL_VALUE -> new TextNode.Bool(value.getBoolValue(), at);
      case NUMBER_VALUE -> number(value.getNumberValue());
      case NULL_VALUE, KIND_NOT_SET -> new TextNode.Null(at);
    };
  }

  private static TextNode number(double number) {
    return Double.isFinite(number)
        ? new TextNode.Numeral(BigDecimal.valueOf(number).toPlainString(), Position.UNKNOWN)
        : new TextNode.Text(Double.toString(number), Position.UNKNOWN);
  }
}
