package dev.weir.http.filter;

import dev.weir.config.HttpProtocol;
import dev.weir.config.http.HttpFilterConfig;
import dev.weir.config.http.RouteAction;
import dev.weir.connection.Connection;
import dev.weir.http.RequestFacts;
import dev.weir.http.route.Route;
import dev.weir.http.route.RouteQuery;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.StatScope;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a filter may do with its request. The connection's worker only.
public interface FilterStream {

  /// The client's connection.
  Connection connection();

  /// What the client speaks.
  HttpProtocol protocol();

  /// What will be said of the request.
  ConnectionRecord record();

  /// What will be said of it as HTTP.
  RequestFacts facts();

  /// The head of the request, as the filters have left it.
  Http2Headers requestHeaders();

  /// Whether the request has come to its end.
  boolean requestEnded();

  /// The route that it takes; null if there is none.
  @Nullable Route route();

  /// What routes and rules are looked for by.
  RouteQuery routeQuery();

  /// A random number, the same for the whole request.
  long random();

  /// The virtual cluster that it is counted with; null if there are none.
  @Nullable String virtualCluster();

  /// Notes the cluster that was drawn by weight, whose header changes apply too.
  void drawn(RouteAction.@Nullable ClusterShare share);

  /// A scope of statistics that lasts as long as the connection manager.
  StatScope scope(String prefix);

  /// The one cluster that its route leads to; null if there is no route, or it leads elsewhere.
  @Nullable String targetCluster();

  /// Lets the body of the response pass no faster than this.
  ///
  /// @param bytesPerSecond more than 0
  void paceResponse(long bytesPerSecond);

  /// Has the route looked for anew, after a change of headers.
  void clearRoute();

  /// What its route tells a filter; [HttpFilterConfig.Nothing] for nothing.
  ///
  /// @param name of the filter in the chain
  HttpFilterConfig.PerRoute override(String name);

  /// All filters of the request, in order.
  List<HttpFilter> filters();

  /// The redirects that led here.
  RedirectTrail redirects();

  /// Ends this request without an answer, and begins anew with its head as it is now and a whole
  /// body: as where a redirect leads.
  ///
  /// @param body whoever is called owns the pieces
  /// @param trailers null for none
  void restart(List<ByteBuf> body, @Nullable Http2Headers trailers);

  /// While the request is stopped, so much of its body is taken from the client, if that is more
  /// than the connection's own limit.
  ///
  /// @param bytes for filters that want to see all of it
  void holdUpTo(long bytes);

  /// Goes on after a filter has stopped it.
  void continueRequest();

  /// Answers without the upstream; if a response has begun already, breaks off.
  void reply(LocalReply reply);

  /// Begins the response.
  void respond(Http2Headers headers, boolean end);

  /// Sends a response before the response.
  void respondInformational(Http2Headers headers);

  /// Sends a piece of the response's body.
  void respondData(ByteBuf data, boolean end);

  /// Ends the response with trailers.
  void respondTrailers(Http2Headers trailers);

  /// Lets what was sent leave.
  void flushResponse();

  /// Breaks the response off.
  ///
  /// @param details what `%RESPONSE_CODE_DETAILS%` prints
  void abort(String details);

  /// Whether a response has begun.
  boolean responseStarted();

  /// Whether the client takes more.
  boolean clientWritable();

  /// Stops or resumes the flow from the client.
  void readClient(boolean wanted);

  /// Bytes have moved: the request is not idle.
  void touch();
}
