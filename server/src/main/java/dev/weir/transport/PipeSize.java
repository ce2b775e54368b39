package dev.weir.transport;

import io.netty.channel.unix.FileDescriptor;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Sets how much a pipe can hold (`F_SETPIPE_SZ` of `fcntl(2)`), which Netty cannot. Any thread.
final class PipeSize {
  private static final int F_SETPIPE_SZ = 1031;

  private PipeSize() {}

  private static final class Once {
    static final MethodHandle FCNTL = fcntl();
  }

  @SuppressWarnings("restricted") // the launcher allows it
  private static MethodHandle fcntl() {
    var linker = Linker.nativeLinker();
    var function =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("fcntl"), function, Linker.Option.firstVariadicArg(2));
  }

  /// Asks for a pipe of so many bytes. Where the kernel grants a user no more of them, the pipe
  /// stays as it is, which is slower and as right.
  static void set(FileDescriptor pipe, int bytes) {
    try {
      int _ = (int) Once.FCNTL.invokeExact(pipe.intValue(), F_SETPIPE_SZ, bytes);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
