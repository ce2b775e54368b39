package dev.weir.config.http;

import java.util.List;

/// Who gets copies of requests (`config.route.v3.RouteAction.RequestMirrorPolicy`). Answers to them
/// are thrown away.
///
/// @param target a cluster, or the header that names it
/// @param share of the requests
/// @param suffix whether `-shadow` is appended to the host
/// @param edits changes of the copy's headers
/// @param host of the copy; empty for the request's own
public record MirrorPolicy(
    RouteAction.Target target,
    Share share,
    boolean suffix,
    List<HttpFilterConfig.HeaderMutation.Edit> edits,
    String host) {}
