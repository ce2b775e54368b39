package dev.weir.transport;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// Sockets of Multipath TCP (RFC 8684), which neither the JDK nor Netty can open. Linux only; any
/// thread.
final class Mptcp {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_NONBLOCK = 04000;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int IPPROTO_MPTCP = 262;

  private static final StructLayout ERRORS = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      ERRORS.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private Mptcp() {}

  /// A descriptor that does not block, and is closed when another program is run.
  ///
  /// @throws IOException if the kernel has no Multipath TCP, or none for us
  @SuppressWarnings("restricted") // the launcher enables native access
  static int open(boolean ipv6) throws IOException {
    var linker = Linker.nativeLinker();
    MethodHandle socket =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("socket"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"));
    try (var arena = Arena.ofConfined()) {
      var errors = arena.allocate(ERRORS);
      int descriptor = call(socket, errors, ipv6 ? AF_INET6 : AF_INET);
      if (descriptor < 0) {
        throw new IOException(
            "enable_mptcp is set but MPTCP is not supported by the operating system (error "
                + (int) ERRNO.get(errors, 0L)
                + ")");
      }
      return descriptor;
    }
  }

  private static int call(MethodHandle socket, MemorySegment errors, int family) {
    try {
      return (int)
          socket.invokeExact(
              errors, family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_MPTCP);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
