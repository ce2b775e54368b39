package dev.weir.listener;

import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.connection.ConnectionInfo;
import dev.weir.connection.ConnectionList;
import dev.weir.connection.FilterChain;
import dev.weir.connection.HoldHandler;
import dev.weir.connection.NetworkFilter;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.transport.PatientReads;
import dev.weir.transport.Worker;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The part of a listener that lives on one worker: takes in what is accepted and keeps account of
/// it. Its worker only.
final class ListenerShard {
  /// A record of TLS 1.2 with the fatal alert 112 (RFC 8446, sections 5.1 and 6; RFC 6066, section
  /// 3).
  private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};

  private final Worker worker;
  private final Supplier<Generation> current;
  private final ListenerServices services;
  private final AtomicInteger coming = new AtomicInteger();
  private final ConnectionList connections = new ConnectionList();
  private final Set<InspectionHandler> inspections = new HashSet<>();
  private @Nullable Account account;
  private volatile int open;
  private final List<ConnectionDrain> drains = new ArrayList<>();
  private boolean draining;
  private boolean closed;
  private Runnable whenEnded = () -> {};

  /// @param current the generation in force, read anew for each connection
  /// @param services what all listeners share
  ListenerShard(Worker worker, Supplier<Generation> current, ListenerServices services) {
    this.worker = worker;
    this.current = current;
    this.services = services;
  }

  /// Where it lives.
  Worker worker() {
    return worker;
  }

  /// What the listener counts at present.
  ListenerStats stats() {
    return current.get().report().stats();
  }

  /// How many connections are open. Any thread.
  int open() {
    return open;
  }

  /// How many connections are open or on their way here. Any thread.
  int load() {
    return open + coming.get();
  }

  /// Who lets connections in at present. Any thread.
  Gate gate() {
    return current.get().gate();
  }

  /// A connection was accepted. Any worker.
  void take(Channel channel) {
    var generation = current.get();
    if (!generation.gate().admits(channel)) {
      return;
    }
    if (worker.inLoop()) {
      begin(channel);
    } else {
      coming.incrementAndGet();
      worker.execute(() -> {
        coming.decrementAndGet();
        begin(channel);
      });
    }
  }

  private void begin(Channel channel) {
    if (closed) {
      channel.close();
      return;
    }
    var generation = current.get();
    var accepted = accepted(generation, channel);
    if (generation.inspectors().isEmpty()) {
      generation.stream().apply(channel);
      channel.pipeline().addLast(new HoldHandler());
      worker.loop().register(channel);
      enter(generation, accepted);
    } else {
      var reads = generation.stream().applyPatiently(channel);
      var inspection = new InspectionHandler(this, generation, accepted, reads);
      inspections.add(inspection);
      channel.pipeline().addLast(inspection);
      worker.loop().register(channel);
      inspection.start();
    }
  }

  private Connection.Accepted accepted(Generation generation, Channel channel) {
    var info = new ConnectionInfo(channel.localAddress(), channel.remoteAddress());
    var record = new ConnectionRecord(worker.nextConnectionId(), services.telemetry().time());
    record.socket(info.localAddress(), info.remoteAddress());
    record.listener(generation.report().facts(), generation.report().logs());
    return new Connection.Accepted(channel, worker, info, record);
  }

  /// An inspection has ended, well or badly.
  void inspected(InspectionHandler inspection) {
    inspections.remove(inspection);
    checkDrained();
  }

  /// All that can be known of a connection is known: finds its chain and lets it in.
  void enter(Generation generation, Connection.Accepted accepted) {
    var info = accepted.info();
    if (isHandedOff(generation, accepted)
        || !generation.gate().admitsLater(accepted.channel(), info.remoteAddress())) {
      return;
    }
    if (info.transportProtocol().isEmpty()) {
      info.transportProtocol("raw_buffer");
    }
    var chain = generation.find(accepted);
    if (chain == null) {
      generation.report().stats().noFilterChain.increment();
      refuse(accepted);
      return;
    }
    chain.retain();
    accepted.record().filterChain(chain.facts());
    var home = accountOf(generation);
    var connection = new Connection(accepted, chain, home, generation.config().buffers());
    home.opened(connection);
    if (chain.isIncomplete()) {
      generation.report().stats().filterConfigMissing.increment();
      connection.close(CloseReason.NO_FILTERS);
    } else if (chain.transport().isPlaintext()) {
      run(chain.filters(), 0, connection);
    } else {
      chain.filters().forEach(filter -> filter.onMatched(connection));
      new DownstreamHandshake(connection, generation.report().stats()).start();
    }
  }

  /// Gives a connection that was redirected here to the listener of its destination.
  private boolean isHandedOff(Generation generation, Connection.Accepted accepted) {
    var info = accepted.info();
    if (!generation.config().bind().accepting().handsOff() || !info.localAddressRestored()) {
      return false;
    }
    var taker = services.surroundings().directory().find(info.localAddress());
    var shard = taker == null ? this : taker.shards().get(worker.index());
    if (shard == this || !shard.accepts()) {
      return false;
    }
    info.destinationServed();
    shard.takeOver(accepted);
    return true;
  }

  private boolean accepts() {
    return !closed;
  }

  /// Another listener gives a connection to this one, with what it holds.
  private void takeOver(Connection.Accepted accepted) {
    var generation = current.get();
    accepted.record().listener(generation.report().facts(), generation.report().logs());
    if (generation.inspectors().isEmpty()) {
      enter(generation, accepted);
      return;
    }
    var inspection =
        new InspectionHandler(this, generation, accepted, PatientReads.of(accepted.channel()));
    inspections.add(inspection);
    var pipeline = accepted.channel().pipeline();
    pipeline.addLast(inspection);
    var before = pipeline.get(HoldHandler.class);
    before.handOver(pipeline.context(before));
    inspection.start();
  }

  /// A TLS client is told by an alert that its server name is not known here; anything else closes.
  private static void refuse(Connection.Accepted accepted) {
    accepted.record().flag(ResponseFlag.NR);
    var channel = accepted.channel();
    if (accepted.info().transportProtocol().equals("tls")) {
      channel
          .writeAndFlush(Unpooled.wrappedBuffer(UNRECOGNIZED_NAME))
          .addListener(ChannelFutureListener.CLOSE);
    } else {
      channel.close();
    }
    accepted.record().close();
  }

  /// Lets the filters have a connection, one after the other.
  static void run(List<NetworkFilter> filters, int from, Connection connection) {
    if (connection.isClosed()) {
      return;
    }
    if (from == filters.size()) {
      connection.close(CloseReason.NO_FILTERS); // nobody has taken it over
      return;
    }
    filters.get(from).onNewConnection(connection, () -> run(filters, from + 1, connection));
  }

  private Account accountOf(Generation generation) {
    var present = account;
    if (present == null || present.stats != generation.report().stats()) {
      present = new Account(generation.report().stats());
      account = present;
    }
    return present;
  }

  /// Where the connections of some generations are counted.
  private final class Account implements Connection.Home {
    private final ListenerStats stats;
    private final ListenerStats.PerWorker own;

    Account(ListenerStats stats) {
      this.stats = stats;
      this.own = stats.workers.get(worker.index());
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only this worker writes it
    void opened(Connection connection) {
      connections.add(connection);
      open++;
      stats.connections.increment();
      stats.active.increment();
      own.connections().increment();
      own.active().increment();
    }

    @Override
    public boolean isDraining() {
      var type = current.get().config().report().drainType();
      return draining || services.surroundings().drain().asks(type);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // only this worker writes it
    public void onClosed(Connection connection) {
      connections.remove(connection);
      open--;
      stats.destroyed.increment();
      stats.active.decrement();
      own.active().decrement();
      stats.length.record(connection.record().durationNanos() / 1_000_000);
      checkDrained();
      checkEnd();
    }
  }

  /// Tells the connections of some chains that these are no longer in force.
  void replaced(Predicate<FilterChain> which) {
    for (var connection : connections.snapshot()) {
      if (which.test(connection.chain())) {
        connection.onReplaced();
      }
    }
  }

  /// Closes the connections of some chains one by one.
  ///
  /// @param time in milliseconds, over which they are spread
  /// @param done runs on this worker when the last of them is closed
  void drainChains(Predicate<FilterChain> which, long time, Runnable done) {
    drain(connection -> which.test(connection.chain()), this::closeWithChain, time, done);
  }

  /// Closes some connections one by one because an operator wants it.
  ///
  /// @param time in milliseconds, over which they are spread
  /// @param done runs on this worker when the last of them is closed
  void drainAsked(Predicate<Connection> which, long time, Runnable done) {
    drain(which, this::closeAsAsked, time, done);
  }

  private void drain(
      Predicate<Connection> which, Consumer<Connection> close, long time, Runnable done) {
    var leaving = connections.snapshot();
    leaving.removeIf(which.negate());
    begin(new ConnectionDrain(worker, leaving, close, time, services.drainStrategy(), done));
  }

  private void begin(ConnectionDrain drain) {
    drains.removeIf(ConnectionDrain::isOver);
    drains.add(drain);
    drain.begin();
  }

  private void closeAsAsked(Connection connection) {
    stats().drainedByOperator.increment();
    connection.close(CloseReason.DRAINED);
  }

  private void closeWithChain(Connection connection) {
    stats().drainedWithChain.increment();
    connection.close(CloseReason.CHAIN_REMOVED);
  }

  /// Closes all connections one by one, and takes in no more after that.
  ///
  /// @param time in milliseconds, over which they are spread
  void drainAll(long time) {
    draining = true;
    var leaving = connections.snapshot();
    begin(
        new ConnectionDrain(
            worker, leaving, this::closeWithListener, time, services.drainStrategy(), this::close));
  }

  private void closeWithListener(Connection connection) {
    stats().drainedWithListener.increment();
    connection.close(CloseReason.LISTENER_REMOVED);
  }

  /// Closes all connections at once, whatever they are at, and takes in no more.
  void close() {
    if (closed) {
      return;
    }
    draining = false;
    closed = true;
    drains.forEach(ConnectionDrain::end);
    List.copyOf(inspections).forEach(InspectionHandler::abandon);
    connections.snapshot().forEach(connection -> connection.close(CloseReason.LISTENER_REMOVED));
    checkEnd();
  }

  /// Does not wait for the end of a drain that has nothing left to close.
  private void checkDrained() {
    if (draining && connections.size() == 0 && inspections.isEmpty()) {
      close();
    }
  }

  /// Runs a task on this worker once no connection is left and none is taken in any more.
  void whenEnded(Runnable task) {
    whenEnded = task;
    checkEnd();
  }

  private void checkEnd() {
    if (closed && connections.size() == 0) {
      var task = whenEnded;
      whenEnded = () -> {};
      task.run();
    }
  }
}
