package dev.weir.admin;

import dev.weir.config.Address;
import dev.weir.config.Checked;
import dev.weir.config.Resources;
import dev.weir.config.SecretConfig;
import dev.weir.config.TextMatch;
import dev.weir.engine.Engine;
import dev.weir.telemetry.AccessLogGroup;
import dev.weir.telemetry.Stats;
import dev.weir.telemetry.TimeSource;
import dev.weir.transport.tls.CertificateExpiries;
import dev.weir.xds.Accepted;
import dev.weir.xds.SerialLoop;
import dev.weir.xds.XdsClient;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// All that the admin interface shows and changes, ready to be served.
///
/// @param bootstrap the start configuration, with its wire form
/// @param configuration what came of it, and of the control plane
public record Admin(
    ServerControl server,
    LogLevels logs,
    Stats stats,
    Accepted<?> bootstrap,
    Configuration configuration) {

  /// Where configuration lives.
  ///
  /// @param main whose thread it belongs to
  /// @param secrets those of the start configuration
  /// @param certificates those that are in use
  public record Configuration(
      SerialLoop main,
      Engine engine,
      XdsClient xds,
      Resources resources,
      List<Accepted<Checked<SecretConfig>>> secrets,
      CertificateExpiries certificates) {}

  /// Who may ask what, and where that is written down.
  ///
  /// @param logs which get a line for each request
  /// @param paths which are served, query included; all where empty
  public record Access(AccessLogGroup logs, List<TextMatch> paths) {}

  /// Begins to listen.
  ///
  /// @throws IOException if the address cannot be bound; its message is for people to read
  public AdminServer serve(Address address, Access access) throws IOException {
    var log = new AdminLog(access.logs, TimeSource.SYSTEM);
    var index = new PageIndex(pages(), access.paths);
    return AdminServer.start(address, index, new AdminStats(stats), log);
  }

  private List<Page> pages() {
    var engine =
        new EngineView(
            configuration.main, configuration.engine, configuration.xds, configuration.resources);
    var dump = new BootstrapDump(bootstrap, Instant.now());
    var pages = new ArrayList<Page>();
    pages.addAll(new ServerPages(server).all());
    pages.addAll(new StatsPages(stats).all());
    pages.add(new LoggingPage(logs).page());
    pages.add(new ServerInfoPage(server, dump).page());
    pages.add(new ConfigDump(dump, engine, configuration.secrets).page());
    pages.add(new ListenersPage(engine).page());
    pages.add(new ClustersPage(engine).page());
    pages.add(new InitPage(engine).page());
    pages.add(new CertsPage(configuration.certificates).page());
    pages.add(new ExplainPage(engine).page());
    pages.add(dump.runtime());
    return pages;
  }
}
