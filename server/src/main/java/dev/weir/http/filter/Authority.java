package dev.weir.http.filter;

import dev.weir.config.AuthzAnswer;
import dev.weir.config.AuthzAnswerDecoder;
import dev.weir.config.http.HttpExtAuthzConfig.Service;
import dev.weir.connection.filter.DecisionServices;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.transport.Worker;
import dev.weir.upstream.call.GrpcAnswer;
import dev.weir.upstream.call.HttpCall;
import dev.weir.xds.decision.CheckQuestion;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Who says which requests may go on. Any worker.
interface Authority {
  /// Asks.
  ///
  /// @param record of the request
  /// @param then gets the answer, perhaps at once; null if there is none
  /// @return what to cancel by
  HttpCall ask(
      Worker worker,
      CheckQuestion question,
      ConnectionRecord record,
      Consumer<@Nullable AuthzAnswer> then);

  /// The one that a configuration names.
  static Authority of(Service config, DecisionServices services) {
    return switch (config) {
      case Service.Http http -> new HttpAuthority(http, services);
      case Service.Grpc(var service) -> {
        var method = services.method(service, CheckQuestion.METHOD);
        yield (worker, question, record, then) ->
            method.call(
                worker,
                question.encode(),
                record,
                answer ->
                    then.accept(
                        answer instanceof GrpcAnswer.Message(var bytes)
                            ? AuthzAnswerDecoder.decode(bytes)
                            : null));
      }
    };
  }
}
