package dev.weir.config.http;

import com.google.re2j.Pattern;
import dev.weir.config.UriTemplate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which requests a route is for (`config.route.v3.RouteMatch`). All tests have to pass.
///
/// @param grpc whether only gRPC requests pass
/// @param fraction a random share of those that pass the rest; null for all of them
/// @param tls what the client's certificate must be; null if that does not matter
public record RouteMatch(
    Path path,
    List<HeaderMatch> headers,
    List<QueryMatch> query,
    List<QueryMatch> cookies,
    List<MetadataMatch> metadata,
    List<StateMatch> state,
    boolean grpc,
    @Nullable Share fraction,
    @Nullable Tls tls) {

  /// What the path must be, without query and fragment.
  public sealed interface Path {
    /// Any path that begins so.
    record Prefix(String prefix, boolean ignoreCase) implements Path {}

    /// This path.
    record Exact(String path, boolean ignoreCase) implements Path {}

    /// A path that matches as a whole.
    record Regex(Pattern pattern) implements Path {}

    /// A path of a template.
    record Template(UriTemplate template) implements Path {}

    /// This path, or one that goes on behind it with a slash.
    record SeparatedPrefix(String prefix, boolean ignoreCase) implements Path {}

    /// Any CONNECT request, and nothing else.
    record Connect() implements Path {}
  }

  /// What the client's certificate must be.
  ///
  /// @param presented whether there is one; null if that does not matter
  /// @param validated whether it was found valid; null if that does not matter
  public record Tls(@Nullable Boolean presented, @Nullable Boolean validated) {}
}
