package dev.weir.admin;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.proto.WireJson;
import dev.weir.xds.Accepted;
import io.envoyproxy.envoy.admin.v3.BootstrapConfigDump;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;

/// The start configuration as a message of the admin API.
final class BootstrapDump {
  private final BootstrapConfigDump message;

  /// @param accepted whatever came of it, with its wire form
  /// @param since when it was read
  BootstrapDump(Accepted<?> accepted, Instant since) {
    try {
      message =
          BootstrapConfigDump.newBuilder()
              .setBootstrap(accepted.wire().unpack(Bootstrap.class))
              .setLastUpdated(WireDump.time(since))
              .build();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("we packed it ourselves", e);
    }
  }

  BootstrapConfigDump message() {
    return message;
  }

  /// The page of its runtime values.
  Page runtime() {
    return new RuntimeDump(message.getBootstrap().getLayeredRuntime()).page();
  }

  /// The node, with the fields that have their default.
  JsonElement node() {
    var text = new StringWriter();
    try {
      var node = message.getBootstrap().getNode();
      WireJson.write(node, WireJson.Layout.COMPACT, WireJson.Defaults.WRITE, text);
    } catch (IOException e) {
      throw new IllegalStateException("a string takes whatever is written", e);
    }
    return JsonParser.parseString(text.toString());
  }
}
