package dev.weir.upstream.host;

import com.google.gson.stream.JsonWriter;
import dev.weir.config.Address;
import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.Metadata;
import dev.weir.config.MetadataValue;
import java.io.IOException;

/// What events say of a host, as the JSON form of the API's messages has it.
public final class EventJson {
  private EventJson() {}

  /// A `config.core.v3.Address`.
  public static void address(String name, Address address, JsonWriter out) throws IOException {
    out.name(name).beginObject();
    switch (address) {
      case Address.Socket(var host, var port) ->
          out.name("socket_address")
              .beginObject()
              .name("protocol")
              .value("TCP")
              .name("address")
              .value(host)
              .name("port_value")
              .value(port)
              .name("resolver_name")
              .value("")
              .name("ipv4_compat")
              .value(false)
              .name("network_namespace_filepath")
              .value("")
              .endObject();
      case Address.Pipe(var path, var mode) ->
          out.name("pipe")
              .beginObject()
              .name("path")
              .value(path)
              .name("mode")
              .value(mode)
              .endObject();
    }
    out.endObject();
  }

  /// A `config.core.v3.Locality`.
  public static void locality(String name, Locality locality, JsonWriter out) throws IOException {
    out.name(name)
        .beginObject()
        .name("region")
        .value(locality.region())
        .name("zone")
        .value(locality.zone())
        .name("sub_zone")
        .value(locality.subZone())
        .endObject();
  }

  /// A `config.core.v3.Metadata`; nothing at all if it is empty.
  public static void metadata(String name, Metadata metadata, JsonWriter out) throws IOException {
    if (metadata.namespaces().isEmpty()) {
      return;
    }
    out.name(name).beginObject().name("filter_metadata").beginObject();
    for (var namespace : metadata.namespaces().entrySet()) {
      out.name(namespace.getKey());
      value(new MetadataValue.Fields(namespace.getValue()), out);
    }
    out.endObject().name("typed_filter_metadata").beginObject().endObject().endObject();
  }

  private static void value(MetadataValue value, JsonWriter out) throws IOException {
    switch (value) {
      case MetadataValue.Null() -> out.nullValue();
      case MetadataValue.Bool(var truth) -> out.value(truth);
      case MetadataValue.Numeric(var number) -> number(number, out);
      case MetadataValue.Text(var text) -> out.value(text);
      case MetadataValue.Items(var items) -> {
        out.beginArray();
        for (var item : items) {
          value(item, out);
        }
        out.endArray();
      }
      case MetadataValue.Fields(var fields) -> {
        out.beginObject();
        for (var field : fields.entrySet()) {
          out.name(field.getKey());
          value(field.getValue(), out);
        }
        out.endObject();
      }
    }
  }

  private static void number(double number, JsonWriter out) throws IOException {
    if (number == Math.rint(number) && Math.abs(number) < 1e15) {
      out.value((long) number);
    } else if (Double.isFinite(number)) {
      out.value(number);
    } else {
      out.value(Double.toString(number)); // JSON has no such number
    }
  }
}
