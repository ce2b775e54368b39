package dev.weir.upstream;

import dev.weir.upstream.dns.Answer;
import dev.weir.upstream.dns.NameResolver;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Answers when the test says so.
final class FakeNames implements NameResolver {
  private final Map<String, Consumer<Answer>> open = new HashMap<>();
  private final List<String> asked = new ArrayList<>();

  @Override
  public void resolve(Question question, Consumer<Answer> then) {
    asked.add(question.name());
    open.put(question.name(), then);
  }

  /// How often a name was asked for.
  int asked(String name) {
    return (int) asked.stream().filter(name::equals).count();
  }

  void answer(String name, String... addresses) {
    answer(name, Duration.ZERO, addresses);
  }

  void answer(String name, Duration ttl, String... addresses) {
    var found = Stream.of(addresses).map(InetAddress::ofLiteral).toList();
    take(name).accept(new Answer.Found(found, ttl));
  }

  void fail(String name) {
    take(name).accept(new Answer.Failed("SERVFAIL"));
  }

  private Consumer<Answer> take(String name) {
    return Objects.requireNonNull(open.remove(name), () -> name + " was not asked for");
  }
}
