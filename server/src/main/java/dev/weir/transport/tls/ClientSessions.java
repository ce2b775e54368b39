package dev.weir.transport.tls;

import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import io.netty.internal.tcnative.SSLSession;
import io.netty.internal.tcnative.SSLSessionCache;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/// Sessions with the hosts of a cluster that may be taken up again, the newest first. Any worker.
final class ClientSessions {
  private final int most;
  private final ConcurrentLinkedDeque<Long> kept = new ConcurrentLinkedDeque<>();
  private final AtomicInteger size = new AtomicInteger();

  /// @param most how many are kept; 0 for none
  ClientSessions(int most) {
    this.most = most;
  }

  /// Has a context's sessions kept here.
  void keep(long context) {
    if (most == 0) {
      SSLContext.setSessionCacheMode(context, SSL.SSL_SESS_CACHE_OFF);
      return;
    }
    SSLContext.setSessionCacheMode(
        context, SSL.SSL_SESS_CACHE_CLIENT | SSL.SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSLContext.setSSLSessionCache(
        context,
        new SSLSessionCache() {
          @Override
          public boolean sessionCreated(long ssl, long session) {
            add(session);
            return true; // it is ours now
          }

          @Override
          public long getSession(long ssl, byte[] id) {
            return -1; // as the library's only, servers are asked for them
          }
        });
  }

  private void add(long session) {
    kept.addFirst(session);
    if (size.incrementAndGet() > most) {
      var oldest = kept.pollLast();
      if (oldest != null) {
        size.decrementAndGet();
        SSLSession.free(oldest);
      }
    }
  }

  /// Lets a connection take up the newest session.
  void resume(long ssl) {
    var session = kept.pollFirst();
    if (session == null) {
      return;
    }
    size.decrementAndGet();
    SSL.setSession(ssl, session);
    if (SSLSession.shouldBeSingleUse(session)) {
      SSLSession.free(session);
    } else {
      add(session);
    }
  }

  /// Forgets all.
  void clear() {
    for (var session = kept.pollFirst(); session != null; session = kept.pollFirst()) {
      SSLSession.free(session);
    }
  }
}
