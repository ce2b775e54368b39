package dev.weir.server;

import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// Listens to the operating system's signals.
///
/// The JDK has no official way to do this, and javac warns of the one that all use, whatever it is
/// told: therefore it is called by reflection. Where it is missing, the JVM's own handling stays.
final class Signals {
  private static final System.Logger LOG = System.getLogger("main");

  private Signals() {}

  /// Runs the action, on a thread of the JVM's, each time the signal comes.
  ///
  /// @param name without `SIG`, such as `TERM`
  static void on(String name, Runnable action) {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      var run =
          MethodHandles.lookup()
              .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
              .bindTo(action);
      var handle =
          MethodHandleProxies.asInterfaceInstance(
              handler, MethodHandles.dropArguments(run, 0, signal));
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), handle);
    } catch (ReflectiveOperationException e) {
      LOG.log(System.Logger.Level.DEBUG, "SIG" + name + " cannot be handled here", e);
    }
  }
}
