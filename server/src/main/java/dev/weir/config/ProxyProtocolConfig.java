package dev.weir.config;

import java.util.List;
import java.util.Set;

/// `envoy.filters.listener.proxy_protocol`: reads who the client is from the header that a load
/// balancer puts in front.
///
/// @param optional whether a connection without a header is let in
/// @param accepted the versions that are
/// @param statPrefix empty for none
/// @param rules which TLVs are kept, and where
/// @param keptInFilterState keeps them as one filter state object, instead of in dynamic metadata
/// @param passOn which TLVs are offered to upstream connections that send a header themselves
public record ProxyProtocolConfig(
    boolean optional,
    Set<Version> accepted,
    String statPrefix,
    List<TlvRule> rules,
    boolean keptInFilterState,
    TlvChoice passOn)
    implements ListenerFilterConfig {

  /// The one that `use_proxy_proto` stands for.
  public static final ProxyProtocolConfig IMPLIED =
      new ProxyProtocolConfig(
          false, Set.of(Version.values()), "", List.of(), false, new TlvChoice.Types(Set.of()));

  /// The versions of the protocol.
  public enum Version {
    V1,
    V2
  }

  /// Where a TLV's value is kept.
  ///
  /// @param namespace of the dynamic metadata
  /// @param base64 writes the bytes so, instead of as UTF-8 with `!` for what is none
  public record TlvRule(int type, String namespace, String key, boolean base64) {}

  /// Some of the TLVs.
  public sealed interface TlvChoice {
    /// Whether this type is among them.
    boolean includes(int type);

    /// Every TLV.
    record All() implements TlvChoice {
      @Override
      public boolean includes(int type) {
        return true;
      }
    }

    /// Those of these types; none if there are none.
    record Types(Set<Integer> types) implements TlvChoice {
      @Override
      public boolean includes(int type) {
        return types.contains(type);
      }
    }
  }
}
