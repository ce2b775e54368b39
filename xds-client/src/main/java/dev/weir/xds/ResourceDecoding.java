package dev.weir.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Internal;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Runs a type's decoder. Much is decoded elsewhere and in parallel, as a full push may hold ten
/// thousand resources; little at once, here.
///
/// @param workers where much is decoded
record ResourceDecoding<M extends Message, T>(ResourceType<M, T> type, Executor workers) {
  private static final System.Logger LOG = System.getLogger(ResourceDecoding.class.getName());

  /// More bytes than this are not decoded on the loop.
  private static final int MUCH = 1 << 16;

  /// Into how many pieces the work is cut.
  private static final int PARTS = 4 * Runtime.getRuntime().availableProcessors();

  /// Decodes, and tells the loop the results in the order of the resources: before this returns if
  /// there is little to do.
  ///
  /// @param done called on the loop
  void decode(List<WireResource> resources, SerialLoop loop, Consumer<List<Decoded<T>>> done) {
    if (resources.stream().mapToLong(WireResource::size).sum() <= MUCH) {
      done.accept(decode(resources));
      return;
    }
    var parts = new ArrayList<CompletableFuture<List<Decoded<T>>>>();
    var share = Math.ceilDiv(resources.size(), PARTS);
    for (var from = 0; from < resources.size(); from += share) {
      var part = resources.subList(from, Math.min(from + share, resources.size()));
      parts.add(CompletableFuture.supplyAsync(() -> decode(part), workers));
    }
    CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .whenComplete((_, _) -> loop.execute(() -> done.accept(joined(parts))));
  }

  private static <T> List<Decoded<T>> joined(List<CompletableFuture<List<Decoded<T>>>> parts) {
    return parts.stream().flatMap(part -> part.join().stream()).toList();
  }

  private List<Decoded<T>> decode(List<WireResource> resources) {
    return resources.stream().map(this::decode).toList();
  }

  private Decoded<T> decode(WireResource resource) {
    var body = resource.body();
    if (body == null) {
      return Decoded.Bad.of(resource.name(), "there is no resource in it", null);
    }
    if (!body.getTypeUrl().equals(type.typeUrl())) {
      return Decoded.Bad.of(
          resource.name(),
          "type URL %s does not match the message-wide type URL %s"
              .formatted(body.getTypeUrl(), type.typeUrl()),
          body);
    }
    try {
      var message = parser().parseFrom(body.getValue());
      var name = nameOf(message, resource);
      return decode(message, name, resource, body);
    } catch (InvalidProtocolBufferException e) {
      return Decoded.Bad.of(resource.name(), "unreadable: " + e.getMessage(), body);
    }
  }

  private String nameOf(M message, WireResource resource) {
    return resource.name().isEmpty()
        ? XdstpName.canonical(type.nameOf().apply(message))
        : resource.name();
  }

  private Decoded<T> decode(M message, String name, WireResource resource, Any body) {
    try {
      var value = type.decoder().decode(message);
      // What is kept shares the one string that says its type.
      var kept = Any.newBuilder().setTypeUrl(type.typeUrl()).setValue(body.getValue()).build();
      return new Decoded.Good<>(
          new Accepted<>(name, resource.version(), value, kept), resource.ttl());
    } catch (InvalidResourceException e) {
      return new Decoded.Bad<>(
          new Rejected(name, String.valueOf(e.getMessage()), body, !e.isMalformed()),
          e.isMalformed());
    } catch (RuntimeException | StackOverflowError e) {
      // A bug of ours must cost this one resource, not the conversation.
      LOG.log(System.Logger.Level.ERROR, "decoding " + type.typeUrl() + " " + name, e);
      return Decoded.Bad.of(name, "internal error: " + e, body);
    }
  }

  @SuppressWarnings("unchecked") // a generated message's parser makes messages of its class
  private Parser<M> parser() {
    return (Parser<M>) Internal.getDefaultInstance(type.wireClass()).getParserForType();
  }
}
