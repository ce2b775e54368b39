package dev.weir.upstream.dns;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import java.net.InetAddress;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Notes for how long addresses hold, which Netty's resolver tells to its cache only. Caches
/// nothing. One event loop.
final class TtlNotes implements DnsCache {
  private static final DnsCacheEntry ENTRY =
      new DnsCacheEntry() {
        @Override
        public @Nullable InetAddress address() {
          return null;
        }

        @Override
        public @Nullable Throwable cause() {
          return null;
        }
      };

  /// By the very object that is handed out as an answer.
  private final IdentityHashMap<InetAddress, Long> seconds = new IdentityHashMap<>();

  /// The shortest time that was noted for these addresses, in seconds; they are forgotten.
  long take(List<InetAddress> addresses) {
    long least = Long.MAX_VALUE;
    for (var address : addresses) {
      var noted = seconds.remove(address);
      least = noted == null ? least : Math.min(least, noted);
    }
    return least == Long.MAX_VALUE ? 0 : least;
  }

  @Override
  public void clear() {
    seconds.clear();
  }

  @Override
  public boolean clear(String hostname) {
    return false;
  }

  @Override
  public @Nullable List<? extends DnsCacheEntry> get(String hostname, DnsRecord[] additionals) {
    return null;
  }

  @Override
  public DnsCacheEntry cache(
      String hostname,
      DnsRecord[] additionals,
      InetAddress address,
      long originalTtl,
      EventLoop loop) {
    seconds.put(address, originalTtl);
    return ENTRY;
  }

  @Override
  public DnsCacheEntry cache(
      String hostname, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
    return ENTRY;
  }
}
