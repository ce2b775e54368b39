package dev.weir.transport;

import dev.weir.config.StateValue.Tlv;
import java.net.SocketAddress;
import java.util.List;

/// What a PROXY header tells a host of the client whose bytes follow.
///
/// @param source who the client is
/// @param destination where it meant to connect to
/// @param tlvs further fields, in their order
public record Introduction(SocketAddress source, SocketAddress destination, List<Tlv> tlvs) {}
