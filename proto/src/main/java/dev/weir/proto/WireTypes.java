package dev.weir.proto;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Every message type we know, by its full protobuf name: what an `Any` is unpacked with, in the
/// binary form as in the text forms.
///
/// A generated class is found by deriving its name from the message's, when it is first asked for.
/// Nothing is scanned: the API has more than ten thousand classes, and a gateway uses some hundred.
/// Any thread may call.
public final class WireTypes {
  /// Where the generated classes of a proto package lie. What follows the prefix is the same on
  /// both sides, as all these files are compiled with `java_multiple_files` (all but Prometheus'
  /// one).
  private record Home(String protoPrefix, String javaPrefix) {}

  private static final List<Home> HOMES =
      List.of(
          new Home("envoy.", "io.envoyproxy.envoy."),
          new Home("google.protobuf.", "com.google.protobuf."),
          new Home("google.rpc.", "com.google.rpc."),
          new Home("google.api.", "com.google.api."),
          new Home("udpa.", "com.github.udpa.udpa."),
          new Home("xds.", "com.github.xds."),
          new Home("cel.expr.", "dev.cel.expr."),
          new Home("opentelemetry.", "io.opentelemetry."),
          new Home("io.prometheus.client.", "io.prometheus.client.Metrics$"),
          new Home("dev.weir.settings.", "dev.weir.proto.settings."),
          new Home("stats.", "dev.weir.proto.istio.stats."),
          new Home("io.istio.http.peer_metadata.", "dev.weir.proto.istio.peers."),
          new Home("istio.envoy.config.filter.http.alpn.v2alpha1.", "dev.weir.proto.istio.alpn."),
          new Home("dev.weir.newer.", "dev.weir.proto.newer."));

  /// Packages of the API's second version are in the jar, but the reference proxy knows them no
  /// more.
  private static final Pattern RETIRED = Pattern.compile("envoy\\.(.*\\.)?v(1|2)(alpha\\d*)?\\..*");

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*(\\.[A-Za-z][A-Za-z0-9_]*)+");

  private static final ConcurrentHashMap<String, Message> KNOWN = new ConcurrentHashMap<>();

  private WireTypes() {}

  /// The empty message of a type.
  ///
  /// @param fullName the message's full name, such as `envoy.config.cluster.v3.Cluster`
  /// @return null where no such type is known
  public static @Nullable Message prototype(String fullName) {
    var known = KNOWN.get(fullName);
    if (known != null) {
      return known;
    }
    // Unknown names are not remembered: they come from a peer, who could send any number of them.
    var found = load(fullName);
    if (found != null) {
      KNOWN.put(fullName, found);
    }
    return found;
  }

  /// The message's full name in a type URL: what follows the last slash, whatever stands before it.
  public static String nameOf(String typeUrl) {
    return typeUrl.substring(typeUrl.lastIndexOf('/') + 1);
  }

  /// The empty message of the type that `any` says it holds; null where it is unknown.
  public static @Nullable Message prototypeOf(Any any) {
    return prototype(nameOf(any.getTypeUrl()));
  }

  /// The message inside.
  ///
  /// @throws InvalidProtocolBufferException if the type is unknown (`could not find @type 'URL'`),
  ///   or the bytes are no message of that type
  public static Message unpack(Any any) throws InvalidProtocolBufferException {
    var prototype = prototypeOf(any);
    if (prototype == null) {
      throw new InvalidProtocolBufferException(unknownType(any.getTypeUrl()));
    }
    return prototype.getParserForType().parseFrom(any.getValue());
  }

  /// Whether this is one of the two messages that carry a type URL and a `Struct` in place of a
  /// message of that type.
  public static boolean isTypedStruct(String fullName) {
    return fullName.equals("udpa.type.v1.TypedStruct")
        || fullName.equals("xds.type.v3.TypedStruct");
  }

  /// What is said of an `Any` whose type is unknown.
  static String unknownType(String typeUrl) {
    return "could not find @type '" + typeUrl + "'";
  }

  private static @Nullable Message load(String fullName) {
    if (!NAME.matcher(fullName).matches() || RETIRED.matcher(fullName).matches()) {
      return null;
    }
    for (var home : HOMES) {
      if (fullName.startsWith(home.protoPrefix)) {
        return instance(home.javaPrefix + nested(fullName.substring(home.protoPrefix.length())));
      }
    }
    return null;
  }

  /// A message inside a message is a class inside a class. Packages begin with a small letter.
  private static String nested(String name) {
    var result = new StringBuilder(name);
    var insideClass = false;
    for (int start = 0, dot; (dot = name.indexOf('.', start)) >= 0; start = dot + 1) {
      insideClass |= Character.isUpperCase(name.charAt(start));
      if (insideClass) {
        result.setCharAt(dot, '$');
      }
    }
    return result.toString();
  }

  private static @Nullable Message instance(String className) {
    try {
      var type = Class.forName(className, true, WireTypes.class.getClassLoader());
      if (!Message.class.isAssignableFrom(type)) {
        return null;
      }
      var factory =
          MethodHandles.publicLookup()
              .findStatic(type, "getDefaultInstance", MethodType.methodType(type));
      return (Message) factory.invoke();
    } catch (ClassNotFoundException | NoClassDefFoundError _) {
      return null;
    } catch (Throwable e) {
      throw new IllegalStateException(className + " is no generated message", e);
    }
  }
}
