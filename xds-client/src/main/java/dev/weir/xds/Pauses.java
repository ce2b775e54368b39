package dev.weir.xds;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Types whose requests are held back. Main loop only.
final class Pauses {
  private final Map<String, Integer> holders = new HashMap<>();
  private final Runnable resumed;

  /// @param resumed told when a type is free again
  Pauses(Runnable resumed) {
    this.resumed = resumed;
  }

  XdsClient.Pause pause(List<String> typeUrls) {
    typeUrls.forEach(typeUrl -> holders.merge(typeUrl, 1, Integer::sum));
    return new XdsClient.Pause() {
      private boolean closed;

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          typeUrls.forEach(Pauses.this::release);
          resumed.run();
        }
      }
    };
  }

  private void release(String typeUrl) {
    holders.computeIfPresent(typeUrl, (_, count) -> count == 1 ? null : count - 1);
  }

  boolean isPaused(String typeUrl) {
    return holders.containsKey(typeUrl);
  }
}
