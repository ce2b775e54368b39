package dev.weir.telemetry;

import dev.weir.config.StatsConfig;
import dev.weir.config.StatsConfig.StatTag;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Takes names apart into a shorter name and tags. Immutable; any thread.
final class Tags {
  private final List<TagExtractor> extractors;

  private Tags(List<TagExtractor> extractors) {
    this.extractors = List.copyOf(extractors);
  }

  /// A name without its tags, and the tags.
  record Tagged(String name, List<Label> tags) {}

  /// Extractors for names that begin in a known way come last, as in Envoy; it decides the order of
  /// labels.
  static Tags of(StatsConfig config) {
    var extractors = new ArrayList<TagExtractor>();
    if (config.defaultTags()) {
      extractors.addAll(DefaultTags.ALL);
    }
    for (var tag : config.tags()) {
      switch (tag) {
        case StatTag.Fixed(var name, var value) -> extractors.add(new FixedTag(name, value));
        case StatTag.Extracted(var name, var regex) -> extractors.add(RegexTag.of(name, "", regex));
        case StatTag.Known(var name) ->
            DefaultTags.ALL.stream()
                .filter(known -> known.tag().equals(name) && !extractors.contains(known))
                .forEach(extractors::add);
      }
    }
    extractors.sort(Comparator.comparing(extractor -> !extractor.prefix().isEmpty()));
    return new Tags(extractors);
  }

  /// Takes a name apart. Each tag is looked for in the whole name; of two tags of one name the
  /// first found counts.
  Tagged extract(String name) {
    var tags = new ArrayList<Label>(4);
    Set<String> seen = new HashSet<>();
    var gone = new BitSet();
    for (var extractor : extractors) {
      if (!name.startsWith(extractor.prefix()) || seen.contains(extractor.tag())) {
        continue;
      }
      var found = extractor.find(name);
      if (found != null) {
        seen.add(extractor.tag());
        tags.add(new Label(extractor.tag(), found.value()));
        gone.set(found.from(), found.to());
      }
    }
    return new Tagged(without(name, gone), tags);
  }

  private static String without(String name, BitSet gone) {
    if (gone.isEmpty()) {
      return name;
    }
    var rest = new StringBuilder(name.length());
    for (int i = gone.nextClearBit(0); i < name.length(); i = gone.nextClearBit(i + 1)) {
      rest.append(name.charAt(i));
    }
    return rest.toString();
  }
}
