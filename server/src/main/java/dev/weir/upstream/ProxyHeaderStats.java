package dev.weir.upstream;

import dev.weir.transport.ProxyProtocolTransport;
import dev.weir.upstream.ClusterStats.Count;

/// Counts the PROXY headers that a cluster's hosts are sent.
record ProxyHeaderStats(ClusterStats stats) implements ProxyProtocolTransport.Account {
  private static final String TOO_LONG = "upstream.proxyprotocol.v2_tlvs_exceed_max_length";

  /// Shows what it counts from the beginning.
  ProxyHeaderStats {
    stats.scope().counter(TOO_LONG);
  }

  @Override
  public void written(int bytes) {
    stats.get(Count.UPSTREAM_CX_TX_BYTES_TOTAL).add(bytes);
  }

  @Override
  public void tooLong() {
    stats.scope().counter(TOO_LONG).increment();
  }
}
