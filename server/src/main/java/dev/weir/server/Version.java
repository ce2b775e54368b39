package dev.weir.server;

import java.io.IOException;
import java.util.Properties;

/// What we call ourselves.
final class Version {
  /// The release, such as `0.1.0-SNAPSHOT`.
  static final String TEXT = read();

  /// The version of the admin and hot restart protocols that tools of the reference proxy look at.
  static final String HOT_RESTART = "11.104";

  private Version() {}

  /// The release as one number, for a gauge: two decimal digits for each of its three parts.
  static long number() {
    long number = 0;
    var parts = TEXT.split("[^0-9]+", -1);
    for (int i = 0; i < 3; i++) {
      var part = i < parts.length && !parts[i].isEmpty() ? Long.parseLong(parts[i]) : 0;
      number = number * 100 + part;
    }
    return number;
  }

  private static String read() {
    var properties = new Properties();
    try (var in = Version.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException _) {
      // then it is unknown, which is said below
    }
    return properties.getProperty("version", "unknown");
  }
}
