package dev.weir.http.filter.jwt;

import dev.weir.config.http.JwtConfig.Keys;
import dev.weir.config.http.KeySet;
import dev.weir.transport.Worker;
import dev.weir.upstream.Clusters;
import dev.weir.upstream.call.HttpAnswer;
import dev.weir.upstream.call.HttpCall;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keys that are fetched from a cluster when somebody needs them, and are good for a time. All who
/// need them at once wait for one fetch. Any worker.
final class RemoteKeys implements KeySource {
  private static final System.Logger LOG = System.getLogger("jwt");
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final long BACK_OFF_MILLIS = 25;

  private final Keys.Remote config;
  private final Clusters clusters;
  private final JwtCounters counters;
  private final AtomicReference<@Nullable CompletableFuture<Answer>> fetch =
      new AtomicReference<>();
  private volatile @Nullable Fetched held;

  /// @param until on the stopwatch of the process
  private record Fetched(Answer answer, long until) {}

  RemoteKeys(Keys.Remote config, Clusters clusters, JwtCounters counters) {
    this.config = config;
    this.clusters = clusters;
    this.counters = counters;
  }

  @Override
  public void ask(Worker worker, Consumer<Answer> taker) {
    var present = held;
    boolean good = present != null && System.nanoTime() - present.until < 0;
    if (present != null && (good || config.ahead())) {
      taker.accept(present.answer);
      if (!good) {
        fetch(worker);
      }
      return;
    }
    fetch(worker)
        .thenAccept(answer -> {
          if (worker.inLoop()) {
            taker.accept(answer);
          } else {
            worker.execute(() -> taker.accept(answer));
          }
        });
  }

  /// The fetch that is under way, or a new one on this worker.
  private CompletableFuture<Answer> fetch(Worker worker) {
    var mine = new CompletableFuture<Answer>();
    var other = fetch.compareAndExchange(null, mine);
    if (other != null) {
      return other;
    }
    attempt(worker, config.retries(), mine);
    return mine;
  }

  private void attempt(Worker worker, int retries, CompletableFuture<Answer> result) {
    var request =
        new HttpCall.Request(config.uri().cluster(), headers(), NOTHING, config.uri().timeout());
    HttpCall.start(
        worker,
        clusters,
        request,
        answer -> {
          var keys = read(answer);
          if (keys == null && retries > 0) {
            worker
                .loop()
                .schedule(
                    () -> attempt(worker, retries - 1, result),
                    BACK_OFF_MILLIS,
                    TimeUnit.MILLISECONDS);
            return;
          }
          finish(keys, result);
        });
  }

  private void finish(@Nullable KeySet keys, CompletableFuture<Answer> result) {
    var answer = new Answer(keys);
    if (keys != null) {
      held = new Fetched(answer, System.nanoTime() + config.cache().toNanos());
      counters.fetched().increment();
    } else {
      counters.notFetched().increment();
    }
    fetch.set(null);
    result.complete(answer);
  }

  private static @Nullable KeySet read(HttpAnswer answer) {
    if (!(answer instanceof HttpAnswer.Response response) || response.status() != 200) {
      return null;
    }
    try {
      return KeySet.parse(StandardCharsets.UTF_8.decode(response.body().duplicate()).toString());
    } catch (KeySet.Invalid e) {
      LOG.log(System.Logger.Level.WARNING, "fetched keys are no good: {0}", e.reason());
      return null;
    }
  }

  private Http2Headers headers() {
    var uri = config.uri();
    return new DefaultHttp2Headers(false)
        .method("GET")
        .scheme(uri.scheme())
        .authority(uri.authority())
        .path(uri.path());
  }
}
