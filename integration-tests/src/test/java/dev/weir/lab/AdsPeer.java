package dev.weir.lab;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// One ADS stream whose proxy's side the test plays itself.
///
/// @param <Q> what it sends
/// @param <R> what it gets
final class AdsPeer<Q, R> implements AutoCloseable {

  private final BlockingQueue<R> received = new LinkedBlockingQueue<>();
  private final StreamObserver<Q> out;

  private AdsPeer(Function<StreamObserver<R>, StreamObserver<Q>> call) {
    this.out =
        call.apply(
            new StreamObserver<>() {
              @Override
              public void onNext(R response) {
                received.add(response);
              }

              @Override
              public void onError(Throwable error) {}

              @Override
              public void onCompleted() {}
            });
  }

  static AdsPeer<DiscoveryRequest, DiscoveryResponse> sotw(ManagedChannel channel) {
    return new AdsPeer<>(
        AggregatedDiscoveryServiceGrpc.newStub(channel)::streamAggregatedResources);
  }

  static AdsPeer<DeltaDiscoveryRequest, DeltaDiscoveryResponse> delta(ManagedChannel channel) {
    return new AdsPeer<>(AggregatedDiscoveryServiceGrpc.newStub(channel)::deltaAggregatedResources);
  }

  void send(Q request) {
    out.onNext(request);
  }

  /// Waits for the next response.
  R next() throws InterruptedException {
    var response = received.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    if (response == null) {
      throw new AssertionError("no response");
    }
    return response;
  }

  @Override
  public void close() {
    out.onCompleted();
  }
}
