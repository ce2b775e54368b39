package dev.weir.connection;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The open connections of one listener on one worker, linked by themselves: adding and removing
/// costs nothing but two links. Its worker only.
public final class ConnectionList {
  private @Nullable Connection first;
  private int size;

  /// Adds a connection that is in no list.
  public void add(Connection connection) {
    connection.next = first;
    if (first != null) {
      first.previous = connection;
    }
    first = connection;
    size++;
  }

  /// Removes a connection that is in this list.
  public void remove(Connection connection) {
    var next = connection.next;
    var previous = connection.previous;
    if (next != null) {
      next.previous = previous;
    }
    if (previous != null) {
      previous.next = next;
    } else {
      first = next;
    }
    connection.next = null;
    connection.previous = null;
    size--;
  }

  /// How many there are.
  public int size() {
    return size;
  }

  /// All of them as they are now, the newest first.
  public List<Connection> snapshot() {
    var all = new ArrayList<Connection>(size);
    for (var connection = first; connection != null; connection = connection.next) {
      all.add(connection);
    }
    return all;
  }
}
