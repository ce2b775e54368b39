package dev.weir.upstream;

import dev.weir.transport.ProxyProtocolTransport;
import dev.weir.upstream.ClusterStats.Count;

/// Counts the PROXY headers that a cluster's hosts are sent.
record ProxyHeaderStats(ClusterStats stats) implements ProxyProtocolTransport.Account {

  @Override
  public void written(int bytes) {
    stats.get(Count.UPSTREAM_CX_TX_BYTES_TOTAL).add(bytes);
  }

  @Override
  public void tooLong() {
    stats.scope().counter("upstream.proxyprotocol.v2_tlvs_exceed_max_length").increment();
  }
}
