package dev.weir.upstream.dns;

import dev.weir.config.Address;
import dev.weir.config.ClusterConfig.LookupFamily;
import java.util.List;
import java.util.function.Consumer;

/// Finds the addresses of names.
public interface NameResolver {

  /// What is asked.
  ///
  /// @param name a DNS name, or an IP literal, which is its own answer
  /// @param servers whom to ask; empty for the system's
  record Question(String name, LookupFamily family, List<Address.Socket> servers) {}

  /// Asks. Called on the main loop.
  ///
  /// @param then gets the answer, once, on the main loop
  void resolve(Question question, Consumer<Answer> then);
}
