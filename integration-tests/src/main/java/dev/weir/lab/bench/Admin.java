package dev.weir.lab.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/// The admin interface of a proxy.
///
/// @param port on 127.0.0.1
record Admin(int port) {

  /// The part of a bootstrap that opens it.
  static String at(int port) {
    return "admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}\n"
        .formatted(port);
  }

  /// Waits until the proxy says that it is ready.
  void awaitReady() throws IOException {
    while (!ready()) {
      RunningContender.pause(2);
    }
  }

  private boolean ready() {
    try {
      var url = URI.create("http://127.0.0.1:" + port + "/ready").toURL();
      return ((HttpURLConnection) url.openConnection()).getResponseCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }
}
