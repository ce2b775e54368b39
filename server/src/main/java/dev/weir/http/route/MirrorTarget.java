package dev.weir.http.route;

import dev.weir.config.http.HttpFilterConfig.HeaderMutation.Edit;
import dev.weir.config.http.MirrorPolicy;
import dev.weir.config.http.RouteAction.Target;
import dev.weir.telemetry.ConnectionRecord;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who gets copies of a route's requests, ready to be asked. Immutable; any worker.
public final class MirrorTarget {
  private final MirrorPolicy config;
  private final List<HeaderEdits> edits;

  MirrorTarget(MirrorPolicy config) {
    this.config = config;
    this.edits = config.edits().stream().map(MirrorTarget::edit).toList();
  }

  private static HeaderEdits edit(Edit edit) {
    return switch (edit) {
      case Edit.Remove(var name) ->
          HeaderEdits.of(new dev.weir.config.http.HeaderRules.Changes(List.of(name), List.of()));
      case Edit.Add(var addition) -> HeaderEdits.of(List.of(addition));
    };
  }

  /// The cluster for a copy of this request; null for no copy.
  ///
  /// @param random any 64 bits
  public @Nullable String cluster(Http2Headers headers, long random) {
    if (!config.share().includes(random)) {
      return null;
    }
    return switch (config.target()) {
      case Target.Single(var cluster) -> cluster;
      case Target.ByHeader(var name) -> HeaderText.first(headers, HeaderText.name(name));
      case Target.Weighted _ -> null;
    };
  }

  /// Makes the copy's headers of the request's.
  public void edit(Http2Headers copy, ConnectionRecord record) {
    edits.forEach(edit -> edit.apply(copy, record));
    if (!config.host().isEmpty()) {
      copy.authority(config.host());
    } else if (config.suffix() && copy.authority() != null) {
      copy.authority(withSuffix(copy.authority().toString()));
    }
  }

  private static String withSuffix(String host) {
    int colon = host.lastIndexOf(':');
    boolean port = colon > 0 && host.indexOf(']', colon) < 0;
    return port ? host.substring(0, colon) + "-shadow" + host.substring(colon) : host + "-shadow";
  }
}
