package dev.weir.telemetry;

/// A tag that every name has.
record FixedTag(String tag, String value) implements TagExtractor {
  @Override
  public String prefix() {
    return "";
  }

  @Override
  public Found find(String name) {
    return new Found(value, 0, 0);
  }
}
