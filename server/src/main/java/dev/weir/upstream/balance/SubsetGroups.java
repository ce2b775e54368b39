package dev.weir.upstream.balance;

import dev.weir.config.LbConfig.SubsetConfig;
import dev.weir.config.LbConfig.SubsetConfig.Selector;
import dev.weir.config.Metadata;
import dev.weir.config.MetadataValue;
import dev.weir.config.MetadataValue.Items;
import dev.weir.upstream.host.Host;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which hosts belong to which subset: for every selector, those that have all its keys, together
/// with the others of the same values. Main loop only.
final class SubsetGroups {
  private final Map<Host, Memberships> memberships = new HashMap<>();
  private final Map<String, Group> groups = new LinkedHashMap<>();
  private int duplicates;

  /// The hosts of one subset.
  record Group(Selector selector, List<Host> hosts) {}

  /// The subsets of a host, as long as it has this metadata.
  private record Memberships(Metadata metadata, Map<String, Selector> subsets) {}

  /// Sorts hosts into their subsets.
  ///
  /// @param before what was found until now, of which hosts with the same metadata are not looked
  ///   at again
  static SubsetGroups of(List<Host> hosts, SubsetConfig config, @Nullable SubsetGroups before) {
    var found = new SubsetGroups();
    for (var host : hosts) {
      var known = before == null ? null : before.memberships.get(host);
      var memberships =
          known != null && known.metadata.equals(host.metadata())
              ? known
              : memberships(host, config);
      found.add(host, memberships);
    }
    return found;
  }

  private void add(Host host, Memberships member) {
    memberships.put(host, member);
    member.subsets.forEach((key, selector) -> {
      var group = groups.computeIfAbsent(key, _ -> new Group(selector, new ArrayList<>()));
      if (selector.singleHostPerSubset() && !group.hosts.isEmpty()) {
        duplicates++;
      } else {
        group.hosts.add(host);
      }
    });
  }

  private static Memberships memberships(Host host, SubsetConfig config) {
    var metadata = host.metadata();
    var pairs = metadata.in(Metadata.LB);
    var subsets = new HashMap<String, Selector>();
    for (var selector : config.selectors()) {
      if (!selector.keys().isEmpty() && pairs.keySet().containsAll(selector.keys())) {
        for (var values : combinations(selector.keys(), pairs, config.options().listAsAny())) {
          subsets.putIfAbsent(SubsetKey.textOf(values), selector);
        }
      }
    }
    return new Memberships(metadata, Map.copyOf(subsets));
  }

  /// The values of these keys; with `list_as_any`, one map for each way to take one value of each
  /// list.
  private static List<Map<String, MetadataValue>> combinations(
      List<String> keys, Map<String, MetadataValue> pairs, boolean listAsAny) {
    List<Map<String, MetadataValue>> found = List.of(Map.of());
    for (var key : keys) {
      var value = pairs.get(key);
      var values =
          listAsAny && value instanceof Items(var items) ? items : List.<MetadataValue>of(value);
      var longer = new ArrayList<Map<String, MetadataValue>>();
      for (var combination : found) {
        for (var one : values) {
          var extended = new HashMap<>(combination);
          extended.put(key, one);
          longer.add(extended);
        }
      }
      found = longer;
    }
    return found;
  }

  /// Every subset that has a host, by its key.
  Map<String, Group> groups() {
    return groups;
  }

  /// How many hosts were left out because their subset may have one only.
  int duplicates() {
    return duplicates;
  }
}
