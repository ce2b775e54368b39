package dev.weir.config;

import dev.weir.config.http.HeaderMatch;
import dev.weir.config.http.MetadataMatch;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who may come in (`extensions.filters.network.rbac.v3.RBAC`, and its HTTP twin).
///
/// @param enforced what decides; null lets everybody in
/// @param shadow what is only counted and noted; null for nothing
/// @param delay how long those who may not are kept before they are closed; zero for not at all
public record RbacConfig(
    String statPrefix,
    String shadowPrefix,
    @Nullable Engine enforced,
    @Nullable Engine shadow,
    Duration delay) {

  /// What is decided of those that are found (`config.rbac.v3.RBAC.Action`).
  public enum Action {
    ALLOW,
    DENY,
    /// Lets them in, and notes that it did.
    LOG
  }

  /// How it is decided.
  public sealed interface Engine {
    /// Those that a policy fits get the action, all others its opposite.
    ///
    /// @param policies in the order of their names
    record Rules(Action action, List<Policy> policies) implements Engine {}

    /// The decision is looked for. Who is not found may not come in.
    record Found(MatcherConfig<Decision> matcher) implements Engine {}
  }

  /// An action by name (`config.rbac.v3.Action`).
  public record Decision(String name, Action action) {}

  /// Fits if any of its permissions and any of its principals do, and its condition is true.
  ///
  /// @param condition null for none
  public record Policy(
      String name, Test permissions, Test principals, @Nullable CelExpression condition) {}

  /// What a permission or a principal asks.
  public sealed interface Test {
    /// All of them.
    record All(List<Test> tests) implements Test {}

    /// Any of them.
    record AnyOf(List<Test> tests) implements Test {}

    /// Everybody.
    record Always() implements Test {}

    /// The opposite.
    record Not(Test test) implements Test {}

    /// A header of the request. A connection has none.
    record Header(HeaderMatch match) implements Test {}

    /// The request's path without its query. A connection has none.
    record Path(TextMatch match) implements Test {}

    /// Where the client meant to connect to.
    record DestinationIp(CidrRange range) implements Test {}

    /// The port there, from `from` to below `to`.
    record DestinationPort(int from, int to) implements Test {}

    /// The SNI.
    record ServerName(TextMatch match) implements Test {}

    /// Who the client of the connection is, whatever a request says.
    record SourceIp(CidrRange range) implements Test {}

    /// Who the client is.
    record RemoteIp(CidrRange range) implements Test {}

    /// The peer of the socket.
    record DirectRemoteIp(CidrRange range) implements Test {}

    /// The name in the client's certificate; null for any certificate that was verified.
    record Authenticated(@Nullable TextMatch name) implements Test {}

    /// Dynamic metadata.
    record Dynamic(MetadataMatch match) implements Test {}

    /// A filter state object, as text.
    record State(String key, TextMatch match) implements Test {}
  }
}
