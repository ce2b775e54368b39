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
import org.jspecify.annotations.Nullable;

/// Streams on which only we speak. All is done on the main loop, in the order in which it was asked
/// for.
record OutgoingStreams(SerialLoop loop, Channels channels) implements GrpcStreams {
  @Override
  public <Q extends Message> OutgoingStream<Q> open(
      String cluster, String method, List<Header> initialMetadata, Life life) {
    var stream = new Outgoing<Q>(life);
    loop.execute(() -> stream.open(cluster, method, initialMetadata));
    return stream;
  }

  @Override
  public void close() {
    channels.close();
  }

  private final class Outgoing<Q extends Message>
      implements OutgoingStream<Q>, GrpcCall.Events<Empty> {
    private final Life life;
    private Channels.@Nullable Lease lease;
    private volatile @Nullable GrpcCall<Q, Empty> call;
    private boolean opened;

    Outgoing(Life life) {
      this.life = life;
    }

    void open(String cluster, String method, List<Header> initialMetadata) {
      try {
        var lent = channels.lend(cluster);
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
    public void ready() {
      life.ready();
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
      life.ended(reason);
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

    /// Its connection is given back when the server has ended it.
    @Override
    public void close() {
      loop.execute(() -> {
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
