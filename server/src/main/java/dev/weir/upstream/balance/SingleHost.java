package dev.weir.upstream.balance;

import dev.weir.upstream.balance.PickTrail.Candidate;
import dev.weir.upstream.balance.PickTrail.Tier;
import dev.weir.upstream.host.Host;
import java.util.List;

/// The one host of a subset that may have one only, well or not.
record SingleHost(Host only) implements LoadBalancer {
  @Override
  public Host pick(PickRequest request) {
    return only;
  }

  @Override
  public PickTrail explain(PickRequest request) {
    var tier =
        new Tier(
            only.info().place().priority(),
            100,
            0,
            false,
            List.of(new Candidate(only, null, true)));
    return new PickTrail(List.of(), List.of(tier), null);
  }
}
