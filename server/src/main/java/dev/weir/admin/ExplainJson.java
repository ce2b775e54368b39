package dev.weir.admin;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import dev.weir.admin.Explanation.Destination;
import dev.weir.admin.Explanation.Live;
import dev.weir.config.Address;
import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.Metadata;
import dev.weir.config.MetadataValue;
import dev.weir.listener.ChainWalk;
import dev.weir.upstream.balance.Hashes;
import dev.weir.upstream.balance.PickTrail;
import dev.weir.upstream.host.Host;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An [Explanation] as maps and lists, for programs.
final class ExplainJson {
  private static final Gson LINE = new GsonBuilder().disableHtmlEscaping().create();

  private ExplainJson() {}

  static Map<String, Object> of(Explanation explanation) {
    var json = new LinkedHashMap<String, Object>();
    json.put("listener", explanation.listener());
    json.put("source", explanation.source());
    json.put("destination", explanation.destination());
    json.put("outcome", explanation.outcome());
    json.put("filter_chain", chain(explanation));
    json.put("filters", explanation.filters());
    var hashed = explanation.hashInput();
    if (hashed != null) {
      var value = Long.toUnsignedString(Hashes.xx64(hashed));
      json.put("hash", Map.of("of", hashed, "value", value));
    }
    json.put("clusters", explanation.clusters().stream().map(ExplainJson::cluster).toList());
    return json;
  }

  private static Map<String, Object> chain(Explanation explanation) {
    var json = new LinkedHashMap<String, Object>();
    json.put("found", explanation.chain());
    json.put("by_default", explanation.walk().byDefault());
    json.put("levels", explanation.walk().steps().stream().map(ExplainJson::level).toList());
    return json;
  }

  private static Map<String, Object> level(ChainWalk.Step step) {
    var json = new LinkedHashMap<String, Object>();
    json.put("field", step.field());
    json.put("connection", step.seen());
    json.put("ways", step.ways());
    putUnlessNull(json, "taken", step.taken());
    return json;
  }

  private static void putUnlessNull(Map<String, Object> json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static Map<String, Object> cluster(Destination destination) {
    var json = new LinkedHashMap<String, Object>();
    json.put("name", destination.cluster());
    json.put("weight", destination.weight());
    json.put("of_weight", destination.ofWeight());
    json.put("metadata_match", fields(destination.match().criteria()));
    var live = destination.live();
    json.put("serves", live != null);
    if (live != null) {
      put(json, live);
    }
    return json;
  }

  private static void put(Map<String, Object> json, Live live) {
    json.put("lb_policy", live.policy());
    json.put("heeds_metadata_match", live.hasSubsets());
    json.put("subset", live.trail().steps().stream().map(ExplainJson::step).toList());
    json.put("priorities", live.trail().tiers().stream().map(ExplainJson::tier).toList());
    var hashed = live.trail().hashed();
    putUnlessNull(json, "hashed_host", hashed == null ? null : hashed.address().toString());
  }

  private static Map<String, Object> step(PickTrail.Step step) {
    var json = new LinkedHashMap<String, Object>();
    json.put("step", step.kind().name());
    if (!step.selector().isEmpty()) {
      json.put("selector", step.selector());
    }
    var policy = step.policy();
    putUnlessNull(json, "policy", policy == null ? null : policy.name());
    return json;
  }

  private static Map<String, Object> tier(PickTrail.Tier tier) {
    var json = new LinkedHashMap<String, Object>();
    json.put("priority", tier.priority());
    json.put("load_percent", tier.load());
    json.put("degraded_load_percent", tier.degradedLoad());
    json.put("panic", tier.panic());
    json.put("hosts", tier.candidates().stream().map(ExplainJson::candidate).toList());
    return json;
  }

  private static Map<String, Object> candidate(PickTrail.Candidate candidate) {
    Host host = candidate.host();
    Address address = host.address();
    var json = new LinkedHashMap<String, Object>();
    json.put("address", address.toString());
    json.put("eligible", candidate.eligible());
    json.put("health", host.healthText());
    json.put("weight", host.weight());
    json.put("active_requests", host.counters().rqActive());
    json.put("locality", locality(host.locality()));
    putUnlessNull(json, "locality_weight", candidate.localityWeight());
    json.put("metadata", fields(host.metadata().in(Metadata.LB)));
    return json;
  }

  private static Map<String, String> locality(Locality locality) {
    return Map.of(
        "region", locality.region(), "zone", locality.zone(), "sub_zone", locality.subZone());
  }

  private static Map<String, Object> fields(Map<String, MetadataValue> fields) {
    var json = new TreeMap<String, Object>();
    fields.forEach((name, field) -> json.put(name, value(field)));
    return json;
  }

  private static Object value(MetadataValue value) {
    return switch (value) {
      case MetadataValue.Null _ -> JsonNull.INSTANCE;
      case MetadataValue.Bool(boolean on) -> on;
      case MetadataValue.Numeric(double number) -> number;
      case MetadataValue.Text(var text) -> text;
      case MetadataValue.Items(var items) -> items.stream().map(ExplainJson::value).toList();
      case MetadataValue.Fields(var fields) -> fields(fields);
    };
  }

  /// A match or metadata in one line.
  static String line(Map<String, MetadataValue> fields) {
    return LINE.toJson(fields(fields));
  }
}
