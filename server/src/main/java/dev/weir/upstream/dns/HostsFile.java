package dev.weir.upstream.dns;

import io.netty.resolver.HostsFileEntriesProvider;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What `/etc/hosts` says of names; read again once it has changed. One thread.
///
/// `localhost` has a loopback address of either version, in the file or not (RFC 6761, section
/// 6.3).
final class HostsFile {
  private final Path path;
  private FileTime read = FileTime.fromMillis(0);
  private Map<String, List<InetAddress>> ipv4 = Map.of();
  private Map<String, List<InetAddress>> ipv6 = Map.of();

  HostsFile(Path path) {
    this.path = path;
  }

  /// IPv4 addresses of a name.
  List<InetAddress> ipv4(String name) {
    refresh();
    var found = ipv4.getOrDefault(key(name), List.of());
    return found.isEmpty() && isLocalhost(name) ? List.of(NetUtil.LOCALHOST4) : found;
  }

  /// IPv6 addresses of a name.
  List<InetAddress> ipv6(String name) {
    refresh();
    var found = ipv6.getOrDefault(key(name), List.of());
    return found.isEmpty() && isLocalhost(name) ? List.of(NetUtil.LOCALHOST6) : found;
  }

  /// All addresses of a name.
  List<InetAddress> any(String name) {
    refresh();
    var found = new ArrayList<>(ipv4.getOrDefault(key(name), List.of()));
    found.addAll(ipv6.getOrDefault(key(name), List.of()));
    return found.isEmpty() && isLocalhost(name)
        ? List.of(NetUtil.LOCALHOST6, NetUtil.LOCALHOST4)
        : List.copyOf(found);
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static boolean isLocalhost(String name) {
    var key = key(name);
    return key.equals("localhost") || key.endsWith(".localhost");
  }

  private void refresh() {
    try {
      var modified = Files.getLastModifiedTime(path);
      if (modified.equals(read)) {
        return;
      }
      var entries = HostsFileEntriesProvider.parser().parse(path.toFile(), StandardCharsets.UTF_8);
      ipv4 = entries.ipv4Entries();
      ipv6 = entries.ipv6Entries();
      read = modified;
    } catch (IOException _) {
      // There need not be such a file.
      ipv4 = Map.of();
      ipv6 = Map.of();
    }
  }
}
