package dev.weir.transport;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.ArrayDeque;

/// Empty pipes of one worker, to be lent to whoever has bytes in flight. Its worker only.
///
/// A kernel grants a user a bounded number of pipe pages (`fs.pipe-user-pages-soft`), so a
/// connection that moves nothing holds none.
final class Pipes {
  private static final int KEPT = 32;

  private static final int SIZE = Integer.getInteger("dev.weir.pipe", 1 << 20);

  private final ArrayDeque<Pipe> idle = new ArrayDeque<>(KEPT);

  /// The two ends of a pipe.
  record Pipe(FileDescriptor out, FileDescriptor in) {
    void close() {
      try {
        out.close();
        in.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// @throws IOException if there are too many open files
  Pipe take() throws IOException {
    var pipe = idle.poll();
    if (pipe != null) {
      return pipe;
    }
    var ends = FileDescriptor.pipe();
    PipeSize.set(ends[1], SIZE);
    return new Pipe(ends[0], ends[1]);
  }

  /// Gives a pipe back that nothing is left in.
  void give(Pipe pipe) {
    if (idle.size() < KEPT) {
      idle.push(pipe);
    } else {
      pipe.close();
    }
  }

  /// Closes the pipes that are not lent.
  void close() {
    idle.forEach(Pipe::close);
    idle.clear();
  }
}
