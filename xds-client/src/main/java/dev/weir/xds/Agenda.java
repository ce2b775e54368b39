package dev.weir.xds;

import dev.weir.xds.ApiConfig.RateLimit;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is still to be said to a control plane, and in which order: first the answers to its
/// responses, then new wishes, clusters before listeners. Main loop only.
///
/// Everything is said at the end of the loop's turn, so that many wishes become one request.
final class Agenda {
  private final SerialLoop loop;
  private final Pauses pauses;
  private final ControlPlaneObserver observer;

  /// For all requests; null where only the NACKs are limited.
  private final @Nullable TokenBucket all;

  /// A control plane that answers a NACK with the same again must not keep us busy.
  private final TokenBucket nacks;

  private final Deque<Answer> answers = new ArrayDeque<>();
  private final Set<Topic<?, ?>> changed = new LinkedHashSet<>();
  private @Nullable XdsStream stream;
  private boolean unread;
  private boolean scheduled;
  private SerialLoop.@Nullable Cancellable limited;

  Agenda(
      SerialLoop loop,
      Pauses pauses,
      @Nullable RateLimit rateLimit,
      ControlPlaneObserver observer) {
    this.loop = loop;
    this.pauses = pauses;
    this.observer = observer;
    all = rateLimit == null ? null : new TokenBucket(rateLimit, loop::nanoTime);
    nacks = new TokenBucket(RateLimit.DEFAULT, loop::nanoTime);
  }

  /// @param problems none for an ACK
  private record Answer(Topic<?, ?> topic, Response response, List<Rejected> problems) {}

  /// A stream is open, on which nothing has been said yet.
  void begin(XdsStream opened, Collection<Topic<?, ?>> topics) {
    stream = opened;
    changed.addAll(topics);
    schedule();
  }

  /// There is no stream any more. Answers that were not given are not due any more.
  void end() {
    stream = null;
    unread = false;
    answers.clear();
    if (limited != null) {
      limited.cancel();
      limited = null;
    }
  }

  /// Somebody wants something else of a type than before.
  void changed(Topic<?, ?> topic) {
    changed.add(topic);
    schedule();
  }

  /// A response has been dealt with, and may be answered.
  void answer(Topic<?, ?> topic, Response response, List<Rejected> problems) {
    answers.add(new Answer(topic, response, problems));
    readNext();
  }

  /// A response has been dealt with.
  void readNext() {
    unread = true;
    schedule();
  }

  /// Something may be said that had to wait.
  void schedule() {
    if (!scheduled) {
      scheduled = true;
      loop.execute(this::flush);
    }
  }

  private void flush() {
    scheduled = false;
    var due =
        changed.stream()
            .filter(topic -> !pauses.isPaused(topic.typeUrl()))
            .sorted(Comparator.comparing(Topic::kind))
            .toList();
    due.forEach(Topic::settle);
    var open = stream;
    if (open == null || limited != null) {
      return;
    }
    if (sendAnswers(open) && sendRequests(open, due) && unread) {
      unread = false;
      open.receiveNext();
    }
    observer.pendingRequests(answers.size() + changed.size());
  }

  /// @return false if the rate limit has stopped it
  private boolean sendAnswers(XdsStream open) {
    for (var iterator = answers.iterator(); iterator.hasNext(); ) {
      var answer = iterator.next();
      if (pauses.isPaused(answer.topic.typeUrl())) {
        continue;
      }
      if (!permitted(answer.problems.isEmpty() ? all : limitOfNacks())) {
        return false;
      }
      iterator.remove();
      if (open.answer(answer.topic, answer.response, answer.problems)) {
        changed.remove(answer.topic);
      }
    }
    return true;
  }

  private TokenBucket limitOfNacks() {
    return all == null ? nacks : all;
  }

  private boolean sendRequests(XdsStream open, List<Topic<?, ?>> due) {
    for (var topic : due) {
      if (changed.contains(topic)) {
        if (!permitted(all)) {
          return false;
        }
        changed.remove(topic);
        open.request(topic);
      }
    }
    return true;
  }

  private boolean permitted(@Nullable TokenBucket bucket) {
    if (bucket == null || bucket.take()) {
      return true;
    }
    observer.rateLimitEnforced();
    limited =
        loop.schedule(
            bucket.untilNext(),
            () -> {
              limited = null;
              schedule();
            });
    return false;
  }
}
