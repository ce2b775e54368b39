package dev.weir.connection;

import dev.weir.config.FilterDiscovery;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Holds a live filter that is replaced whenever its configuration is pushed. Whoever uses the
/// former one goes on with it; it is closed after its last use. Replaced on the main loop, used by
/// any worker.
///
/// @param <C> what configures the filter
/// @param <F> the live filter
public final class FilterSlot<C, F extends AutoCloseable> implements AutoCloseable {
  private final Maker<C, F> maker;
  private final Executor loop;
  private final FilterConfigs.Asking asking;
  private volatile @Nullable Use<F> current;

  /// Makes a configuration live.
  public interface Maker<C, F> {
    /// Makes it. Main loop.
    ///
    /// @throws IOException if it cannot be put into force
    F make(C config) throws IOException;
  }

  /// Asks for the filter's configuration. Main loop.
  ///
  /// @throws IOException if nobody can be asked, or what is there cannot be put into force
  public FilterSlot(FilterDiscovery<C> discovery, FilterConfigs configs, Maker<C, F> maker)
      throws IOException {
    this.maker = maker;
    this.loop = configs.loop();
    this.asking = configs.open(discovery, this::replace);
  }

  private void replace(@Nullable C config) throws IOException {
    var next = config == null ? null : new Use<F>(maker.make(config), loop);
    var former = current;
    current = next;
    if (former != null) {
      former.release();
    }
  }

  /// The filter as it is now, for one more user; null if there is none.
  public @Nullable Use<F> take() {
    while (true) {
      var use = current;
      if (use == null || use.retain()) {
        return use;
      }
    }
  }

  /// Whether there is none.
  public boolean isEmpty() {
    return current == null;
  }

  /// Completes when there is a filter, or nobody need wait for one.
  public CompletableFuture<Void> warm() {
    return asking.warm();
  }

  @Override
  public void close() {
    asking.close();
    var last = current;
    current = null;
    if (last != null) {
      last.release();
    }
  }

  /// A live filter with a count of its users; the slot is one of them.
  public static final class Use<F extends AutoCloseable> {
    private final F filter;
    private final Executor loop;
    private final AtomicInteger users = new AtomicInteger(1);

    private Use(F filter, Executor loop) {
      this.filter = filter;
      this.loop = loop;
    }

    /// The filter.
    public F filter() {
      return filter;
    }

    private boolean retain() {
      return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    /// One user less.
    public void release() {
      if (users.decrementAndGet() == 0) {
        loop.execute(this::close);
      }
    }

    private void close() {
      try {
        filter.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
