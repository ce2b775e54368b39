package dev.weir.http.route;

import dev.weir.config.SubsetMatch;
import dev.weir.config.http.RouteAction.ClusterShare;
import dev.weir.config.http.RouteAction.Forward;
import dev.weir.config.http.RouteAction.Target;
import dev.weir.upstream.balance.SubsetKey;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// The clusters that a route may choose from. Immutable; any worker.
public final class ClusterTargets {
  private final One[] targets;

  /// For each target, the sum of its weight and of those before it.
  private final long[] upTo;

  private final @Nullable AsciiString randomHeader;

  private record One(
      @Nullable String cluster,
      @Nullable AsciiString header,
      SubsetKey subset,
      @Nullable ClusterShare share) {}

  /// A cluster that was chosen.
  ///
  /// @param cluster null if a header was to name it and does not
  /// @param share null if there was nothing to draw
  public record Choice(@Nullable String cluster, SubsetKey subset, @Nullable ClusterShare share) {}

  private ClusterTargets(One[] targets, long[] upTo, @Nullable AsciiString randomHeader) {
    this.targets = targets;
    this.upTo = upTo;
    this.randomHeader = randomHeader;
  }

  static ClusterTargets of(Forward forward) {
    if (forward.target() instanceof Target.Weighted(var shares, _, var header)) {
      var targets = new One[shares.size()];
      long[] upTo = new long[targets.length];
      long sum = 0;
      for (int i = 0; i < targets.length; i++) {
        var share = shares.get(i);
        targets[i] = one(share.target(), share.metadataMatch(), share);
        sum += share.weight();
        upTo[i] = sum;
      }
      return new ClusterTargets(targets, upTo, header == null ? null : HeaderText.name(header));
    }
    return new ClusterTargets(
        new One[] {one(forward.target(), forward.metadataMatch(), null)}, new long[] {1}, null);
  }

  private static One one(Target target, SubsetMatch match, @Nullable ClusterShare share) {
    var subset = SubsetKey.of(match);
    return switch (target) {
      case Target.Single(var cluster) -> new One(cluster, null, subset, share);
      case Target.ByHeader(var header) -> new One(null, HeaderText.name(header), subset, share);
      case Target.Weighted _ -> throw new IllegalStateException("weights within weights");
    };
  }

  /// Chooses for a request.
  ///
  /// @param random any 64 bits
  public Choice choose(Http2Headers headers, long random) {
    var target = targets[targets.length == 1 ? 0 : draw(headers, random)];
    var cluster = target.header == null ? target.cluster : HeaderText.first(headers, target.header);
    return new Choice(cluster, target.subset, target.share);
  }

  private int draw(Http2Headers headers, long random) {
    long drawn = random;
    var told = randomHeader == null ? null : headers.get(randomHeader);
    if (told != null) {
      try {
        drawn = Long.parseUnsignedLong(told.toString());
      } catch (NumberFormatException _) {
        drawn = random; // what is no number is not heeded
      }
    }
    long place = Long.remainderUnsigned(drawn, upTo[upTo.length - 1]);
    int i = 0;
    while (upTo[i] <= place) {
      i++;
    }
    return i;
  }
}
