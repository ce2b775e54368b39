package dev.weir.telemetry;

import dev.weir.xds.ControlPlane.Address;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// Addresses as gRPC services are told them. Any thread.
public final class ToldAddress {
  private ToldAddress() {}

  /// The address; null where there is none, or it is of no kind that messages have.
  public static @Nullable Address of(@Nullable SocketAddress address) {
    return switch (address) {
      case null -> null;
      case InetSocketAddress inet when inet.isUnresolved() ->
          new Address.Host(inet.getHostString(), inet.getPort());
      case InetSocketAddress inet ->
          new Address.Host(NetUtil.toAddressString(inet.getAddress()), inet.getPort());
      case DomainSocketAddress local -> new Address.Pipe(local.path());
      default -> null;
    };
  }
}
