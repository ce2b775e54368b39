package dev.weir.xds;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.weir.xds.ApiConfig.Header;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Streams on which only we speak. All is done on the main loop, in the order in which it was asked
/// for.
record OutgoingStreams(SerialLoop loop, Channels channels) implements GrpcStreams {
  @Override
  public <Q extends Message> OutgoingStream<Q> open(
      String controlPlane, String method, List<Header> initialMetadata, Consumer<String> ended) {
    var stream = new Outgoing<Q>(ended);
    loop.execute(() -> stream.open(controlPlane, method, initialMetadata));
    return stream;
  }

  private final class Outgoing<Q extends Message>
      implements OutgoingStream<Q>, GrpcCall.Events<Empty> {
    private final Consumer<String> ended;
    private Channels.@Nullable Lease lease;
    private volatile @Nullable GrpcCall<Q, Empty> call;
    private boolean opened;
    private boolean closed;

    Outgoing(Consumer<String> ended) {
      this.ended = ended;
    }

    void open(String controlPlane, String method, List<Header> initialMetadata) {
      if (closed) {
        return;
      }
      try {
        var lent = channels.lend(controlPlane);
        lease = lent;
        call =
            GrpcCall.start(
                lent.channel(), speaking(method), Headers.of(initialMetadata), loop, this);
      } catch (IOException e) {
        closed(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void opened() {
      opened = true;
    }

    @Override
    public void received(Empty message) {
      var open = call;
      if (open != null) {
        open.receiveNext();
      }
    }

    @Override
    public void closed(String reason) {
      call = null;
      if (lease != null) {
        lease.giveBack(opened);
        lease = null;
      }
      if (!closed) {
        closed = true;
        ended.accept(reason);
      }
    }

    @Override
    public void send(Q message) {
      loop.execute(() -> {
        var open = call;
        if (open != null) {
          open.send(message);
        }
      });
    }

    @Override
    public boolean isReady() {
      var open = call;
      return open != null && open.isReady();
    }

    /// The server ends it then, or has to: its connection is given back only after that.
    @Override
    public void close() {
      loop.execute(() -> {
        closed = true;
        var open = call;
        if (open != null) {
          open.halfClose();
        }
      });
    }
  }

  private static <Q extends Message> MethodDescriptor<Q, Empty> speaking(String method) {
    return MethodDescriptor.newBuilder(new Sent<Q>(), new Skipped())
        .setType(MethodType.CLIENT_STREAMING)
        .setFullMethodName(method)
        .build();
  }

  /// What we say.
  private static final class Sent<Q extends Message> implements Marshaller<Q> {
    @Override
    public InputStream stream(Q message) {
      return message.toByteString().newInput();
    }

    @Override
    public Q parse(InputStream stream) {
      throw new IllegalStateException("only we speak");
    }
  }

  /// What the server says to that, which nobody looks at.
  private static final class Skipped implements Marshaller<Empty> {
    @Override
    public InputStream stream(Empty message) {
      return message.toByteString().newInput();
    }

    @Override
    public Empty parse(InputStream stream) {
      try {
        stream.skip(Long.MAX_VALUE);
        return Empty.getDefaultInstance();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
