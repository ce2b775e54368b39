package dev.weir.admin;

import java.util.LinkedHashMap;

/// `/server_info`: what the process is and how it was started.
final class ServerInfoPage {
  private final ServerControl server;
  private final BootstrapDump bootstrap;

  ServerInfoPage(ServerControl server, BootstrapDump bootstrap) {
    this.server = server;
    this.bootstrap = bootstrap;
  }

  Page page() {
    return Page.view("/server_info", "Version, state and command line", _ -> handle());
  }

  private AdminResponse handle() {
    var uptime = server.uptime().toSeconds() + "s";
    var info = new LinkedHashMap<String, Object>();
    info.put("version", server.version());
    info.put("state", server.state().name());
    info.put("uptime_current_epoch", uptime);
    info.put("uptime_all_epochs", uptime);
    info.put("hot_restart_version", server.protocolVersion());
    info.put("command_line_options", server.commandLine());
    info.put("node", bootstrap.node());
    info.put("hot_restart_initializing", false);
    return AdminResponse.json(out -> Json.write(info, out));
  }
}
