package dev.weir.config;

import dev.weir.config.StateValue.Tlv;
import java.util.List;
import java.util.Set;

/// The PROXY header that a connection to a host begins with (`config.core.v3.ProxyProtocolConfig`).
///
/// @param binary version 2; else version 1, which is a line of text and has no fields
/// @param passesAll whether all fields of the client's own header are passed on
/// @param passed the types of those that are, where not all of them
/// @param added fields that are added
public record ProxyHeaderConfig(
    boolean binary, boolean passesAll, Set<Integer> passed, List<Tlv> added) {}
