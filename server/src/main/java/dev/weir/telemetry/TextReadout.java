package dev.weir.telemetry;

/// A statistic that is a word, such as the version a subscription has. Any thread may set it.
public final class TextReadout implements Stat {
  /// Takes what is set under an excluded name.
  static final TextReadout EXCLUDED = new TextReadout();

  private volatile String value = "";

  TextReadout() {}

  /// Sets the text.
  public void set(String next) {
    if (this != EXCLUDED) value = next;
  }

  /// The present text, empty if none was set.
  public String value() {
    return value;
  }

  @Override
  public boolean used() {
    return !value.isEmpty();
  }
}
