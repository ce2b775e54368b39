package dev.weir.config;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.formatter.cel.v3.Cel;
import io.envoyproxy.envoy.extensions.formatter.metadata.v3.Metadata;
import io.envoyproxy.envoy.extensions.formatter.req_without_query.v3.ReqWithoutQuery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;

/// Makes [LogLayout]s.
public final class LogLayoutDecoder {
  /// What is written where no format is given.
  private static final String STANDARD =
      "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
          + " %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
          + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\""
          + " \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\""
          + " \"%UPSTREAM_HOST%\"\n";

  private LogLayoutDecoder() {}

  /// The layout where none is configured.
  static LogLayout standard() throws InvalidResourceException {
    return text(STANDARD, Field.root(""));
  }

  /// Reads a format.
  ///
  /// @throws InvalidResourceException if there is none, or an operator is used wrongly
  @SuppressWarnings("deprecation") // The older way to give text is what most configurations use.
  public static LogLayout decode(SubstitutionFormatString wire, Field at)
      throws InvalidResourceException {
    for (int i = 0; i < wire.getFormattersCount(); i++) {
      formatter(wire.getFormatters(i), at.at("formatters", i));
    }
    at.withoutEffect(!wire.getContentType().isEmpty(), "content_type");
    boolean omitEmpty = wire.getOmitEmptyValues();
    return switch (wire.getFormatCase()) {
      case TEXT_FORMAT -> text(wire.getTextFormat(), omitEmpty, at.at("text_format"));
      case TEXT_FORMAT_SOURCE -> {
        var source = at.at("text_format_source");
        yield text(DataSourceDecoder.text(wire.getTextFormatSource(), source), omitEmpty, source);
      }
      case JSON_FORMAT ->
          new LogLayout.Json(struct(wire.getJsonFormat(), at.at("json_format")), omitEmpty);
      case FORMAT_NOT_SET -> throw at.invalid("a format is required");
    };
  }

  static LogLayout text(String format, Field at) throws InvalidResourceException {
    return text(format, false, at);
  }

  static LogLayout json(Struct wire, Field at) throws InvalidResourceException {
    return new LogLayout.Json(struct(wire, at), false);
  }

  private static LogLayout text(String format, boolean omitEmpty, Field at)
      throws InvalidResourceException {
    return new LogLayout.Text(LogTemplate.parse(format, at), omitEmpty);
  }

  /// The extensions whose operators are understood anyway.
  private static void formatter(TypedExtensionConfig wire, Field at)
      throws InvalidResourceException {
    var config = wire.getTypedConfig();
    at.require(
        config.is(ReqWithoutQuery.class) || config.is(Metadata.class) || config.is(Cel.class),
        "Formatter not found: " + wire.getName());
  }

  /// Keys are sorted, as Envoy does since it deprecated `sort_properties`.
  private static LogLayout.Value.Struct struct(Struct wire, Field at)
      throws InvalidResourceException {
    var fields = new LinkedHashMap<String, LogLayout.Value>();
    for (var key : new TreeSet<>(wire.getFieldsMap().keySet())) {
      fields.put(key, value(wire.getFieldsOrThrow(key), at.at(key)));
    }
    return new LogLayout.Value.Struct(fields);
  }

  private static LogLayout.Value value(Value wire, Field at) throws InvalidResourceException {
    return switch (wire.getKindCase()) {
      case STRING_VALUE ->
          new LogLayout.Value.Template(LogTemplate.parse(wire.getStringValue(), at));
      case NUMBER_VALUE -> new LogLayout.Value.Numeric(wire.getNumberValue());
      case BOOL_VALUE -> new LogLayout.Value.Bool(wire.getBoolValue());
      case STRUCT_VALUE -> struct(wire.getStructValue(), at);
      case LIST_VALUE -> list(wire.getListValue().getValuesList(), at);
      case NULL_VALUE, KIND_NOT_SET -> new LogLayout.Value.Null();
    };
  }

  private static LogLayout.Value list(List<Value> wire, Field at) throws InvalidResourceException {
    var values = new ArrayList<LogLayout.Value>();
    for (int i = 0; i < wire.size(); i++) {
      values.add(value(wire.get(i), at.at("values", i)));
    }
    return new LogLayout.Value.Sequence(values);
  }
}
