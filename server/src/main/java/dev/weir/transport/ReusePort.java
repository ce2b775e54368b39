package dev.weir.transport;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Which of the sockets that share an address get new connections (`SO_REUSEPORT` and what belongs
/// to it in socket(7)). The kernel counts them in the order in which they began to listen; where
/// one is closed, the last one takes its place. Linux only; any thread.
final class ReusePort {
  private static final int SOL_SOCKET = 1;
  private static final int SO_ATTACH_REUSEPORT_CBPF = 51;
  private static final int SO_DETACH_REUSEPORT_BPF = 68;
  private static final int LENGTH_AND_POINTER = 16;
  private static final int INSTRUCTION = 8;

  /// Instructions of the classic packet filter, as in `linux/filter.h`.
  private static final short LOAD_WORD = 0x20;

  private static final short MODULO = (short) 0x94;
  private static final short ADD = 0x04;
  private static final short RETURN_ACCUMULATOR = 0x16;
  private static final int RANDOM_NUMBER = -0x1000 + 56;

  private ReusePort() {}

  /// Leads new connections to some sockets by chance. A place at which there is no socket means
  /// any.
  ///
  /// @param socket one of those that share the address
  /// @param first the place of the first that gets some
  /// @param count how many in a row do
  static void steer(Socket socket, int first, int count) throws IOException {
    var program =
        new int[][] {
          {LOAD_WORD, RANDOM_NUMBER}, {MODULO, count}, {ADD, first}, {RETURN_ACCUMULATOR, 0}
        };
    try (var arena = Arena.ofConfined()) {
      var filter = arena.allocate((long) program.length * INSTRUCTION, INSTRUCTION);
      for (int i = 0; i < program.length; i++) {
        write(filter, (long) i * INSTRUCTION, program[i]);
      }
      var option = ByteBuffer.allocate(LENGTH_AND_POINTER).order(ByteOrder.nativeOrder());
      option.putShort(0, (short) program.length).putLong(8, filter.address());
      socket.setRawOpt(SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, option);
    } catch (ChannelException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static void write(MemorySegment filter, long at, int[] instruction) {
    filter.set(ValueLayout.JAVA_SHORT, at, (short) instruction[0]);
    filter.set(ValueLayout.JAVA_INT, at + 4, instruction[1]);
  }

  /// Leads new connections to any of them.
  static void release(Socket socket) throws IOException {
    try {
      socket.setIntOpt(SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, 0);
    } catch (ChannelException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
