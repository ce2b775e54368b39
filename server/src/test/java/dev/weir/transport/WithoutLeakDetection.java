package dev.weir.transport;

import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Turns leak detection off for tests that count what is allocated or held: it does both itself.
public final class WithoutLeakDetection implements BeforeEachCallback, AfterEachCallback {
  private ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();

  @Override
  public void beforeEach(ExtensionContext context) {
    before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    ResourceLeakDetector.setLevel(before);
  }
}
