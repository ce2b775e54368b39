package dev.weir.config;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.weir.proto.Constraints;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.WireException;
import dev.weir.proto.WireFormat;
import dev.weir.proto.WireText;
import dev.weir.proto.WireTypes;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;

/// Unpacks the typed configuration of an extension. The type alone says which extension it is; its
/// name is for people.
public final class ExtensionDecoder {
  private ExtensionDecoder() {}

  /// The message inside. The rules of its `.proto` file were checked with the resource's.
  ///
  /// @param at the field that holds the `Any`
  /// @throws InvalidResourceException if it is missing, of an unknown type or unreadable
  public static Message unpack(String name, Any any, Field at) throws InvalidResourceException {
    var message = fromAny(name, any, at);
    return switch (message) {
      case TypedStruct it -> fromJson(name, it.getTypeUrl(), it.getValue(), at);
      case com.github.udpa.udpa.type.v1.TypedStruct it ->
          fromJson(name, it.getTypeUrl(), it.getValue(), at);
      default -> message;
    };
  }

  /// As above, for the message that holds a name and an `Any`.
  public static Message unpack(TypedExtensionConfig extension, Field at)
      throws InvalidResourceException {
    return unpack(extension.getName(), extension.getTypedConfig(), at.at("typed_config"));
  }

  /// The full name of the message that an extension is configured by, whether we know it or not.
  public static String typeOf(Any any) {
    try {
      return switch (WireTypes.nameOf(any.getTypeUrl())) {
        case "xds.type.v3.TypedStruct" ->
            WireTypes.nameOf(TypedStruct.parseFrom(any.getValue()).getTypeUrl());
        case "udpa.type.v1.TypedStruct" ->
            WireTypes.nameOf(
                com.github.udpa.udpa.type.v1.TypedStruct.parseFrom(any.getValue()).getTypeUrl());
        case String name -> name;
      };
    } catch (InvalidProtocolBufferException _) {
      return "";
    }
  }

  /// What is said of an extension that we do not have.
  ///
  /// @param typeUrl empty where there is no typed configuration
  public static InvalidResourceException unregistered(String name, String typeUrl, Field at) {
    return at.invalid(
        "Didn't find a registered implementation for '%s' with type URL: '%s'"
            .formatted(name, WireTypes.nameOf(typeUrl)));
  }

  private static Message fromAny(String name, Any any, Field at) throws InvalidResourceException {
    var prototype = WireTypes.prototypeOf(any);
    if (prototype == null) {
      throw unregistered(name, any.getTypeUrl(), at);
    }
    try {
      return prototype.getParserForType().parseFrom(any.getValue());
    } catch (InvalidProtocolBufferException e) {
      throw at.invalid("Unable to unpack as " + WireTypes.nameOf(any.getTypeUrl()) + ": " + e);
    }
  }

  private static Message fromJson(String name, String typeUrl, Struct fields, Field at)
      throws InvalidResourceException {
    var prototype = WireTypes.prototype(WireTypes.nameOf(typeUrl));
    if (prototype == null) {
      throw unregistered(name, typeUrl, at);
    }
    try {
      var json = JsonFormat.printer().print(fields);
      var parsed = WireText.parse(json, WireFormat.JSON, prototype, OnUnknown.WARN);
      parsed.unknown().forEach(unknown -> at.at(unknown.path()).warn(unknown.message()));
      var broken = Constraints.check(parsed.message(), at.path());
      if (!broken.isEmpty()) {
        throw new InvalidResourceException(broken);
      }
      return parsed.message();
    } catch (InvalidProtocolBufferException | WireException e) {
      throw at.invalid(String.valueOf(e.getMessage()));
    }
  }
}
