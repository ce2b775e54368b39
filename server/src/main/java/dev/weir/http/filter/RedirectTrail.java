package dev.weir.http.filter;

import java.util.HashSet;
import java.util.Set;

/// The redirects that were followed for one request of a client. Its worker only.
public final class RedirectTrail {
  private final Set<String> taken = new HashSet<>(0);
  private int count;

  /// How many there were.
  public int count() {
    return count;
  }

  /// There is one more.
  public void follow() {
    count++;
  }

  /// Notes that a redirect leads from one route to another.
  ///
  /// @return whether none did before
  public boolean first(String from, String to) {
    return taken.add(from + "\n" + to);
  }
}
