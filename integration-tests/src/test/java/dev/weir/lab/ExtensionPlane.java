package dev.weir.lab;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.envoyproxy.envoy.service.extension.v3.ExtensionConfigDiscoveryServiceGrpc.ExtensionConfigDiscoveryServiceImplBase;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A control plane for listeners and for filters' configuration, which java-control-plane does not
/// serve: over ADS, and over streams for the latter alone; in both forms of the protocol.
final class ExtensionPlane implements AutoCloseable {
  private static final String PREFIX = "type.googleapis.com/";
  private static final String LISTENER = PREFIX + Listener.getDescriptor().getFullName();

  private final Server server;
  private final Map<String, Map<String, Message>> resources = new TreeMap<>();
  private final List<Stream> streams = new ArrayList<>();
  private final BlockingQueue<String> refusals = new LinkedBlockingQueue<>();
  private int version;

  private ExtensionPlane() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(
                new AggregatedDiscoveryServiceImplBase() {
                  @Override
                  public StreamObserver<DiscoveryRequest> streamAggregatedResources(
                      StreamObserver<DiscoveryResponse> out) {
                    return new Sotw(out);
                  }

                  @Override
                  public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
                      StreamObserver<DeltaDiscoveryResponse> out) {
                    return new Delta(out);
                  }
                })
            .addService(
                new ExtensionConfigDiscoveryServiceImplBase() {
                  @Override
                  public StreamObserver<DiscoveryRequest> streamExtensionConfigs(
                      StreamObserver<DiscoveryResponse> out) {
                    return new Sotw(out);
                  }

                  @Override
                  public StreamObserver<DeltaDiscoveryRequest> deltaExtensionConfigs(
                      StreamObserver<DeltaDiscoveryResponse> out) {
                    return new Delta(out);
                  }
                })
            .build()
            .start();
  }

  static ExtensionPlane start() throws IOException {
    return new ExtensionPlane();
  }

  int port() {
    return server.getPort();
  }

  /// What proxies have said against resources, one each.
  BlockingQueue<String> refusals() {
    return refusals;
  }

  /// Serves a listener.
  synchronized void put(Listener listener) {
    put(LISTENER, listener.getName(), listener);
  }

  /// Serves the configuration of a filter.
  synchronized void put(String name, Message config) {
    var extension =
        TypedExtensionConfig.newBuilder().setName(name).setTypedConfig(Any.pack(config)).build();
    put(PREFIX + extension.getDescriptorForType().getFullName(), name, extension);
  }

  private void put(String type, String name, Message resource) {
    resources.computeIfAbsent(type, _ -> new LinkedHashMap<>()).put(name, resource);
    version++;
    streams.forEach(stream -> stream.changed(type, Set.of(name)));
  }

  /// Serves the configuration of a filter no more.
  synchronized void remove(String name) {
    var type = PREFIX + TypedExtensionConfig.getDescriptor().getFullName();
    resources.getOrDefault(type, new HashMap<>()).remove(name);
    version++;
    streams.forEach(stream -> stream.changed(type, Set.of(name)));
  }

  private Map<String, Message> of(String type) {
    return resources.getOrDefault(type, Map.of());
  }

  /// One stream of a proxy.
  private abstract class Stream {
    final Map<String, Set<String>> wanted = new HashMap<>();

    Stream() {
      synchronized (ExtensionPlane.this) {
        streams.add(this);
      }
    }

    abstract void changed(String type, Set<String> names);

    boolean wants(String type, String name) {
      var names = wanted.getOrDefault(type, Set.of());
      return names.contains(name) || names.contains("*");
    }

    void refused(String message) {
      if (!message.isEmpty()) {
        refusals.add(message);
      }
    }
  }

  private final class Sotw extends Stream implements StreamObserver<DiscoveryRequest> {
    private final StreamObserver<DiscoveryResponse> out;

    Sotw(StreamObserver<DiscoveryResponse> out) {
      this.out = out;
    }

    @Override
    public void onNext(DiscoveryRequest request) {
      synchronized (ExtensionPlane.this) {
        refused(request.getErrorDetail().getMessage());
        var names =
            request.getResourceNamesCount() == 0
                ? Set.of("*")
                : Set.copyOf(request.getResourceNamesList());
        if (!names.equals(wanted.put(request.getTypeUrl(), names))) {
          changed(request.getTypeUrl(), names);
        }
      }
    }

    @Override
    void changed(String type, Set<String> names) {
      var response = DiscoveryResponse.newBuilder().setTypeUrl(type).setVersionInfo("v" + version);
      of(type)
          .forEach((name, resource) -> {
            if (wants(type, name)) {
              response.addResources(Any.pack(resource));
            }
          });
      if (response.getResourcesCount() > 0 || wants(type, "*")) {
        out.onNext(response.setNonce(type + version).build());
      }
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {
      out.onCompleted();
    }
  }

  private final class Delta extends Stream implements StreamObserver<DeltaDiscoveryRequest> {
    private final StreamObserver<DeltaDiscoveryResponse> out;

    Delta(StreamObserver<DeltaDiscoveryResponse> out) {
      this.out = out;
    }

    @Override
    public void onNext(DeltaDiscoveryRequest request) {
      synchronized (ExtensionPlane.this) {
        refused(request.getErrorDetail().getMessage());
        var type = request.getTypeUrl();
        boolean first = !wanted.containsKey(type);
        var names = wanted.computeIfAbsent(type, _ -> new HashSet<>());
        names.addAll(request.getResourceNamesSubscribeList());
        names.removeAll(request.getResourceNamesUnsubscribeList());
        if (first && names.isEmpty()) {
          names.add("*");
        }
        var asked = new HashSet<>(request.getResourceNamesSubscribeList());
        if (first) {
          asked.addAll(of(type).keySet());
        }
        answer(type, asked, false, first);
      }
    }

    @Override
    void changed(String type, Set<String> names) {
      answer(type, names, true, false);
    }

    private void answer(String type, Set<String> names, boolean removals, boolean evenNothing) {
      var response =
          DeltaDiscoveryResponse.newBuilder()
              .setTypeUrl(type)
              .setSystemVersionInfo("v" + version)
              .setNonce(type + version);
      for (var name : names) {
        var resource = of(type).get(name);
        if (resource != null && wants(type, name)) {
          response.addResources(
              Resource.newBuilder()
                  .setName(name)
                  .setVersion("v" + version)
                  .setResource(Any.pack(resource)));
        } else if (removals && wants(type, name)) {
          response.addRemovedResources(name);
        }
      }
      boolean something = response.getResourcesCount() + response.getRemovedResourcesCount() > 0;
      if (something || (evenNothing && wants(type, "*"))) {
        out.onNext(response.build());
      }
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {
      out.onCompleted();
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
