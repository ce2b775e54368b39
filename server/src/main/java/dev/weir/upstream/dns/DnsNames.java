package dev.weir.upstream.dns;

import dev.weir.config.Address;
import dev.weir.telemetry.Stats;
import dev.weir.transport.Worker;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Resolves names by `/etc/hosts` and DNS, on an event loop of its own.
public final class DnsNames implements NameResolver, AutoCloseable {
  private final Executor main;
  private final Worker worker;
  private final HostsFile hosts;
  private final DnsStats stats;
  private final Map<List<Address.Socket>, Clients> clients = new HashMap<>();

  /// The clients for the same servers.
  private record Clients(DnsClient ipv4, DnsClient ipv6) {}

  /// @param main where answers go
  /// @param worker what the sockets to DNS servers live on
  public DnsNames(Executor main, Worker worker, Stats stats) {
    this(main, worker, stats, Path.of("/etc/hosts"));
  }

  DnsNames(Executor main, Worker worker, Stats stats, Path hostsFile) {
    this.stats = new DnsStats(stats);
    this.main = main;
    this.worker = worker;
    this.hosts = new HostsFile(hostsFile);
  }

  @Override
  public void resolve(Question question, Consumer<Answer> then) {
    stats.open();
    worker.execute(() -> lookUp(question, answer -> main.execute(() -> then.accept(answer))));
  }

  private void lookUp(Question question, Consumer<Answer> then) {
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(question.name());
    if (literal != null) {
      then.accept(literal(literal));
      return;
    }
    switch (question.family()) {
      case V4_ONLY -> ipv4(question, counted(then));
      case V6_ONLY -> ipv6(question, counted(then));
      case AUTO -> ipv6(question, counted(orElse(then, () -> ipv4(question, counted(then)))));
      case V4_PREFERRED ->
          ipv4(question, counted(orElse(then, () -> ipv6(question, counted(then)))));
      case ALL -> both(question, counted(answer -> then.accept(sorted(answer))));
    }
  }

  private Consumer<Answer> counted(Consumer<Answer> then) {
    stats.begun();
    return answer -> {
      stats.ended(answer);
      then.accept(answer);
    };
  }

  private static Answer literal(byte[] address) {
    try {
      return new Answer.Found(List.of(InetAddress.getByAddress(address)), Duration.ZERO);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Passes an answer on that has addresses, and tries something else otherwise.
  private static Consumer<Answer> orElse(Consumer<Answer> then, Runnable other) {
    return answer -> {
      if (answer instanceof Answer.Found(var addresses, _) && !addresses.isEmpty()) {
        then.accept(answer);
      } else {
        other.run();
      }
    };
  }

  private void ipv4(Question question, Consumer<Answer> then) {
    var known = hosts.ipv4(question.name());
    if (known.isEmpty()) {
      clients(question).ipv4.resolve(question.name(), then);
    } else {
      then.accept(new Answer.Found(known, Duration.ZERO));
    }
  }

  private void ipv6(Question question, Consumer<Answer> then) {
    var known = hosts.ipv6(question.name());
    if (known.isEmpty()) {
      clients(question).ipv6.resolve(question.name(), then);
    } else {
      then.accept(new Answer.Found(known, Duration.ZERO));
    }
  }

  private void both(Question question, Consumer<Answer> then) {
    var known = hosts.any(question.name());
    if (!known.isEmpty()) {
      then.accept(new Answer.Found(known, Duration.ZERO));
      return;
    }
    clients(question)
        .ipv6
        .resolve(
            question.name(),
            first ->
                clients(question)
                    .ipv4
                    .resolve(question.name(), second -> then.accept(merge(first, second))));
  }

  private static Answer sorted(Answer answer) {
    return answer instanceof Answer.Found(var addresses, var ttl)
        ? new Answer.Found(AddressPreference.sort(addresses), ttl)
        : answer;
  }

  private static Answer merge(Answer first, Answer second) {
    if (!(first instanceof Answer.Found(var some, var ttl))) {
      return second;
    }
    if (!(second instanceof Answer.Found(var others, var otherTtl))) {
      return first;
    }
    var all = new ArrayList<>(some);
    all.addAll(others);
    var shorter =
        some.isEmpty() || (!others.isEmpty() && otherTtl.compareTo(ttl) < 0) ? otherTtl : ttl;
    return new Answer.Found(List.copyOf(all), shorter);
  }

  private Clients clients(Question question) {
    return clients.computeIfAbsent(
        question.servers(),
        servers ->
            new Clients(
                new DnsClient(worker, ResolvedAddressTypes.IPV4_ONLY, servers),
                new DnsClient(worker, ResolvedAddressTypes.IPV6_ONLY, servers)));
  }

  /// Closes the sockets.
  @Override
  public void close() {
    worker.execute(() -> {
      for (var pair : clients.values()) {
        pair.ipv4.close();
        pair.ipv6.close();
      }
      clients.clear();
    });
  }
}
