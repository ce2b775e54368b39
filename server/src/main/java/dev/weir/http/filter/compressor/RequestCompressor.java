package dev.weir.http.filter.compressor;

import dev.weir.config.http.CompressorConfig;
import dev.weir.config.http.CompressorConfig.Direction;
import dev.weir.config.http.CompressorConfig.Library;
import dev.weir.config.http.HttpFilterConfig.CompressorOverride;
import dev.weir.http.Names;
import dev.weir.http.filter.FilterStream;
import dev.weir.http.filter.HttpFilter;
import dev.weir.http.filter.compressor.EncodingChoice.Offer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// The compressor of one request. Its worker only.
final class RequestCompressor implements HttpFilter {
  private static final AsciiString STATUS = AsciiString.cached("x-envoy-compression-status");

  private final CompressorConfig config;
  private final CompressorOverride told;
  private final CompressorStats stats;
  private final FilterStream stream;
  private final Library library;
  private @Nullable String accepted;
  private @Nullable EncodingChoice choice;
  private @Nullable CodedBody request;
  private @Nullable CodedBody response;

  RequestCompressor(
      CompressorConfig config,
      CompressorOverride told,
      CompressorStats stats,
      FilterStream stream) {
    this.config = config;
    this.told = told;
    this.stats = stats;
    this.stream = stream;
    this.library = told.library() == null ? config.library() : told.library();
  }

  @Override
  public Step onRequestHeaders(Http2Headers headers, boolean end) {
    var accept = headers.get(Names.ACCEPT_ENCODING);
    accepted = accept == null ? null : accept.toString();
    if (answersEnabled() && removesAcceptEncoding()) {
      headers.remove(Names.ACCEPT_ENCODING);
    }
    var rules = config.requests();
    boolean wanted =
        !end
            && rules.enabled()
            && isLongEnough(headers, rules, stats.requests())
            && ContentRules.isOfType(headers, rules)
            && !headers.contains(ContentRules.CONTENT_ENCODING)
            && !headers.contains(Names.UPGRADE);
    if (wanted) {
      stats.requests().compressed().increment();
      request = begin(headers, stats.requests());
    } else {
      stats.requests().notCompressed().increment();
    }
    return Step.CONTINUE;
  }

  private static boolean isLongEnough(
      Http2Headers headers, Direction rules, CompressorStats.Way way) {
    boolean enough = ContentRules.isLongEnough(headers, rules);
    if (!enough) {
      way.tooSmall().increment();
    }
    return enough;
  }

  private boolean answersEnabled() {
    return !told.disabled() && (told.enabled() || config.responses().direction().enabled());
  }

  private boolean removesAcceptEncoding() {
    var route = told.removeAcceptEncoding();
    return route == null ? config.responses().removeAcceptEncoding() : route;
  }

  private CodedBody begin(Http2Headers headers, CompressorStats.Way way) {
    headers.remove(Names.CONTENT_LENGTH);
    headers.set(ContentRules.CONTENT_ENCODING, library.coding().encoding());
    return new CodedBody(library.coding(), way.bytes());
  }

  @Override
  public ByteBuf onRequestData(ByteBuf data, boolean end) {
    return request == null ? data : request.code(data, end);
  }

  @Override
  public ByteBuf beforeRequestTrailers() {
    return request == null ? Unpooled.EMPTY_BUFFER : request.code(Unpooled.EMPTY_BUFFER, true);
  }

  @Override
  public void onResponseHeaders(Http2Headers headers, boolean end) {
    var rules = config.responses();
    boolean candidate =
        answersEnabled() && isLongEnough(headers, rules.direction(), stats.responses());
    var obstacle = candidate ? obstacle(headers) : Obstacle.OTHER;
    boolean compressible = obstacle == null;
    boolean mayCompress = candidate && (compressible || !rules.statusHeader());
    if (!end && mayCompress && isAccepted(headers) && compressible) {
      tell(headers, "Compressed;OriginalLength=" + headers.get(Names.CONTENT_LENGTH, ""));
      ContentRules.changeEtag(headers, rules.weakenEtag());
      stats.responses().compressed().increment();
      response = begin(headers, stats.responses());
    } else {
      stats.responses().notCompressed().increment();
      if (!end && answersEnabled() && !isSettled(headers)) {
        tell(headers, candidate ? obstacle : Obstacle.LENGTH);
      }
    }
    if (compressible) {
      ContentRules.addVary(headers);
    }
  }

  /// Why a response stays as it is, by what `x-envoy-compression-status` calls it.
  private enum Obstacle {
    LENGTH("ContentLengthTooSmall"),
    TYPE("ContentTypeNotAllowed"),
    ETAG("EtagNotAllowed"),
    STATUS("StatusCodeNotAllowed"),
    OTHER("");

    private final String text;

    Obstacle(String text) {
      this.text = text;
    }
  }

  /// @return null for none
  private @Nullable Obstacle obstacle(Http2Headers headers) {
    var rules = config.responses();
    if (isSettled(headers)) {
      return Obstacle.OTHER;
    }
    if (!ContentRules.isOfType(headers, rules.direction())) {
      return Obstacle.TYPE;
    }
    if (rules.disableOnEtag() && headers.contains(ContentRules.ETAG)) {
      stats.headers().etag().increment();
      return Obstacle.ETAG;
    }
    int status = Integer.parseInt(String.valueOf(headers.status()));
    return rules.uncompressible().contains(status) ? Obstacle.STATUS : null;
  }

  /// Whether nobody may compress it, or somebody has.
  private static boolean isSettled(Http2Headers headers) {
    return headers.contains(Names.UPGRADE)
        || headers.contains(ContentRules.CONTENT_ENCODING)
        || ContentRules.isFixed(headers);
  }

  private void tell(Http2Headers headers, @Nullable Obstacle obstacle) {
    if (obstacle != null && obstacle != Obstacle.OTHER) {
      tell(headers, obstacle.text);
    }
  }

  private void tell(Http2Headers headers, String status) {
    if (config.responses().statusHeader()) {
      var before = headers.get(STATUS);
      var ours = library.coding().encoding() + ";" + status;
      headers.set(STATUS, before == null ? ours : before + ", " + ours);
    }
  }

  private boolean isAccepted(Http2Headers headers) {
    if (accepted == null) {
      stats.headers().missing().increment();
      return false;
    }
    if (choice == null) {
      choose(headers, accepted);
    }
    var chosen = choice;
    boolean ours = chosen != null && chosen.encoding().equals(library.coding().encoding());
    if (chosen != null) {
      stats.headers().count(chosen, ours);
    }
    return ours;
  }

  /// Chooses for all compressors of the chain, so that one of them at most compresses.
  private void choose(Http2Headers headers, String accept) {
    var peers = new ArrayList<RequestCompressor>();
    for (var filter : stream.filters()) {
      if (filter instanceof RequestCompressor peer) {
        peers.add(peer);
      }
    }
    var offers = new ArrayList<Offer>(peers.size());
    for (var peer : peers) {
      if (ContentRules.isOfType(headers, peer.config.responses().direction())) {
        var coder = peer == this ? library : peer.config.library(); // as Envoy sees it
        offers.add(new Offer(coder.coding().encoding(), peer.config.chooseFirst()));
      }
    }
    var chosen = EncodingChoice.of(accept, offers);
    peers.forEach(peer -> peer.choice = chosen);
  }

  @Override
  public ByteBuf onResponseData(ByteBuf data, boolean end) {
    return response == null ? data : response.code(data, end);
  }

  @Override
  public void onDestroy() {
    if (request != null) {
      request.close();
    }
    if (response != null) {
      response.close();
    }
  }
}
