package dev.weir.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Finds buffers that were dropped without being released.
public final class Leaks {
  /// After which the collector is asked again.
  private static final long COLLECTION_MILLIS = 100;

  private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

  private Leaks() {}

  /// Watches all buffers from now on. To be called before the first of them.
  public static void watch() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(
        new ResourceLeakDetectorFactory() {
          @Override
          @SuppressWarnings("deprecation") // deprecated, and the only abstract one
          public <T> ResourceLeakDetector<T> newResourceLeakDetector(
              Class<T> resource, int samplingInterval, long maxActive) {
            return new Recording<>(resource, samplingInterval);
          }
        });
  }

  private static final class Recording<T> extends ResourceLeakDetector<T> {
    Recording(Class<?> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @Override
    protected void reportTracedLeak(String resource, String records) {
      FOUND.add(resource + records);
    }

    @Override
    protected void reportUntracedLeak(String resource) {
      FOUND.add(resource);
    }
  }

  /// Fails if a buffer has leaked since [#watch].
  @SuppressWarnings("ReferenceEquality") // it is this one that is waited for
  public static void assertNone() throws InterruptedException {
    // What was unreachable before this is reported before this is found gone.
    var collected = new ReferenceQueue<>();
    var last = new PhantomReference<>(new Object(), collected);
    System.gc();
    while (collected.remove(COLLECTION_MILLIS) != last) {
      System.gc();
    }
    ByteBufAllocator.DEFAULT.buffer(16).release(); // reports what the collector has found
    if (!FOUND.isEmpty()) {
      throw new AssertionError("leaked: " + FOUND);
    }
  }
}
