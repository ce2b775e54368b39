package dev.weir.admin;

import dev.weir.admin.Page.Parameter;
import dev.weir.config.Address;
import dev.weir.config.IpLiteral;
import dev.weir.config.ListenerConfig;
import dev.weir.config.ListenerFilterConfig;
import dev.weir.connection.ConnectionInfo;
import dev.weir.engine.EngineSnapshot;
import dev.weir.engine.ListenerStatus;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `/explain`: where a connection would go, and why; it opens nothing.
final class ExplainPage {
  private final EngineView engine;

  ExplainPage(EngineView engine) {
    this.engine = engine;
  }

  /// A request that cannot be answered.
  private static final class BadRequest extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;

    BadRequest(int status, String message) {
      super(message);
      this.status = status;
    }
  }

  Page page() {
    return Page.view(
        "/explain",
        "Where a connection would go, and why",
        this::handle,
        Parameter.text("listener", "Name of the listener; may be left out if there is one only"),
        Parameter.text("source", "The client's IP address, with or without a port"),
        Parameter.text("destination", "Where it connects to, if not to the listener's address"),
        Parameter.text("sni", "The server name that it asks for, as far as a tls_inspector looks"),
        Parameter.text("alpn", "The protocols that it offers, with commas between them"),
        Parameter.choice("format", "How to write it", "text", "json"));
  }

  private AdminResponse handle(AdminRequest request) {
    try {
      var source = address(request, "source");
      if (source == null) {
        throw new BadRequest(400, "source=ADDRESS is needed\n");
      }
      var destination = address(request, "destination");
      var found = find(engine.snapshot(), request.value("listener"));
      var info = new ConnectionInfo(destination == null ? local(found) : destination, source);
      hello(request, found.origin().config(), info);
      var explanation =
          engine.ask(live -> new Explainer(live).explain(found.origin().config(), info));
      return request.value("format", "text").equals("json")
          ? AdminResponse.json(out -> Json.write(ExplainJson.of(explanation), out))
          : AdminResponse.text(ExplainText.of(explanation));
    } catch (BadRequest e) {
      return AdminResponse.text(e.status, String.valueOf(e.getMessage()));
    }
  }

  /// What a `tls_inspector` would learn from the client's first bytes. Without one, nobody looks.
  private static void hello(AdminRequest request, ListenerConfig listener, ConnectionInfo info) {
    boolean inspected =
        listener.inspection().filters().stream().anyMatch(ListenerFilterConfig::inspectsTls);
    info.transportProtocol("raw_buffer");
    if (inspected && (request.value("sni") != null || request.value("alpn") != null)) {
      var alpn = request.value("alpn");
      info.transportProtocol("tls");
      info.serverName(request.value("sni", "").toLowerCase(Locale.ROOT));
      info.applicationProtocols(alpn == null ? List.of() : List.of(alpn.split(",", -1)));
    }
  }

  private static ListenerStatus find(EngineSnapshot engine, @Nullable String name)
      throws BadRequest {
    var listeners = engine.listeners();
    if (name == null && listeners.size() == 1) {
      return listeners.getFirst();
    }
    for (var listener : listeners) {
      if (listener.origin().name().equals(name)) {
        return listener;
      }
    }
    var names = listeners.stream().map(listener -> listener.origin().name()).toList();
    throw new BadRequest(
        name == null ? 400 : 404,
        "listener=NAME has to be one of: " + String.join(", ", names) + "\n");
  }

  private static InetSocketAddress local(ListenerStatus listener) {
    return listener.addresses().getFirst() instanceof Address.Socket socket
        ? new InetSocketAddress(socket.host(), socket.port())
        : new InetSocketAddress(0);
  }

  private static @Nullable InetSocketAddress address(AdminRequest request, String parameter)
      throws BadRequest {
    var text = request.value(parameter);
    if (text == null) {
      return null;
    }
    var ip = IpLiteral.parse(text);
    var socket = ip == null ? Address.Socket.parse(text) : null;
    if (socket != null) {
      return new InetSocketAddress(socket.host(), socket.port());
    }
    if (ip == null) {
      throw new BadRequest(
          400, parameter + " is no IP address, with or without a port: " + text + "\n");
    }
    return new InetSocketAddress(ip, 0);
  }
}
