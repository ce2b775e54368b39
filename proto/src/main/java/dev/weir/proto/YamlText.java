package dev.weir.proto;

import dev.weir.proto.Positions.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads YAML into a tree of [TextNode]s.
///
/// It works on the parser's events, since a library's own tree would lose what the reference proxy
/// goes by: whether a scalar was quoted, and that the last of two equal keys counts. `<<` is a key
/// like any other.
final class YamlText {
  /// What aliases may blow a text up to.
  private static final long MAX_NODES = 10_000_000;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();

  /// A finished value, with what it counts for where an alias repeats it.
  private record Sized(TextNode node, int depth, long nodes) {}

  /// A collection that is still being read. `key` is the name that waits for its value.
  private static final class Open {
    final boolean isList;
    final Position at;
    final @Nullable Anchor anchor;
    final List<TextNode> items = new ArrayList<>();
    final Map<String, TextNode.Field> fields = new LinkedHashMap<>();
    @Nullable String key;
    Position keyAt = Position.UNKNOWN;
    int depth = 1;
    long nodes = 1;

    Open(boolean isList, Position at, @Nullable Anchor anchor) {
      this.isList = isList;
      this.at = at;
      this.anchor = anchor;
    }

    void add(Sized value) {
      depth = Math.max(depth, value.depth + 1);
      nodes += value.nodes;
      if (isList) {
        items.add(value.node);
      } else if (key != null) {
        fields.remove(key); // so that the last takes the last one's place, too
        fields.put(key, new TextNode.Field(key, value.node, keyAt));
        key = null;
      }
    }

    Sized close() {
      var node =
          isList
              ? new TextNode.Items(List.copyOf(items), at)
              : new TextNode.Fields(List.copyOf(fields.values()), at);
      return new Sized(node, depth, nodes);
    }
  }

  private final Findings findings;
  private final Map<Anchor, Sized> anchors = new HashMap<>();
  private final Deque<Open> open = new ArrayDeque<>();

  private YamlText(Findings findings) {
    this.findings = findings;
  }

  /// The first document of the text.
  ///
  /// @param findings learns of documents that are left out
  static TextNode read(String text, Findings findings) throws WireException {
    try {
      return new YamlText(findings).document(new Parse(SETTINGS).parseString(text));
    } catch (MarkedYamlEngineException e) {
      throw invalid(e.getProblemMark().or(e::getContextMark), e.getProblem());
    } catch (YamlEngineException e) {
      throw invalid(Optional.empty(), e.getMessage());
    }
  }

  private static WireException invalid(Optional<Mark> at, @Nullable String problem) {
    var position = at.map(YamlText::position).orElse(Position.UNKNOWN);
    return Findings.single("not YAML: " + problem, position);
  }

  private TextNode document(Iterable<Event> events) throws WireException {
    TextNode root = null;
    for (var event : events) {
      if (event instanceof DocumentStartEvent && root != null) {
        findings.warn("", position(event), "only the first document of the text is read");
        break;
      }
      var value = value(event);
      if (value == null) {
        continue;
      }
      var parent = open.peek();
      if (parent == null) {
        root = value.node;
      } else if (!parent.isList && parent.key == null) {
        parent.key = key(event, value.node);
        parent.keyAt = value.node.at();
      } else {
        parent.add(value);
        refuseHuge(parent);
      }
    }
    if (root == null) {
      throw Findings.single("the text is empty", Position.UNKNOWN);
    }
    return root;
  }

  /// The value that the event completes; null if it completes none.
  private @Nullable Sized value(Event event) throws WireException {
    return switch (event.getEventId()) {
      case Scalar -> scalar((ScalarEvent) event);
      case Alias -> alias((AliasEvent) event);
      case SequenceStart, MappingStart -> {
        start((CollectionStartEvent) event);
        yield null;
      }
      case SequenceEnd, MappingEnd -> {
        var ended = open.pop();
        yield remember(ended.anchor, ended.close());
      }
      case StreamStart, StreamEnd, DocumentStart, DocumentEnd, Comment -> null;
    };
  }

  private Sized scalar(ScalarEvent event) {
    var tag = event.getTag().orElse(null);
    var node = YamlScalars.resolve(event.getValue(), event.isPlain(), tag, position(event));
    return remember(event.getAnchor().orElse(null), new Sized(node, 0, 1));
  }

  private Sized alias(AliasEvent event) throws WireException {
    var known = anchors.get(event.getAlias());
    if (known == null) {
      throw Findings.single(
          "the anchor '" + event.getAlias().getValue() + "' is not defined here", position(event));
    }
    return known;
  }

  private void start(CollectionStartEvent event) throws WireException {
    var parent = open.peek();
    if (parent != null && !parent.isList && parent.key == null) {
      throw Findings.single("a key must be a scalar", position(event));
    }
    if (open.size() >= TextNode.MAX_DEPTH) {
      throw tooDeep(position(event));
    }
    open.push(
        new Open(
            event instanceof SequenceStartEvent, position(event), event.getAnchor().orElse(null)));
  }

  private Sized remember(@Nullable Anchor anchor, Sized value) {
    if (anchor != null) {
      anchors.put(anchor, value);
    }
    return value;
  }

  /// Aliases can nest and repeat more than the text itself does.
  private void refuseHuge(Open parent) throws WireException {
    if (parent.depth + open.size() > TextNode.MAX_DEPTH + 1) {
      throw tooDeep(parent.at);
    }
    if (parent.nodes > MAX_NODES) {
      throw Findings.single("aliases make this too large", parent.at);
    }
  }

  private static WireException tooDeep(Position at) {
    return Findings.single("more than " + TextNode.MAX_DEPTH + " levels deep", at);
  }

  private static String key(Event event, TextNode node) throws WireException {
    return switch (node) {
      case TextNode.Null _ -> "null";
      case TextNode.Items _, TextNode.Fields _ ->
          throw Findings.single("a key must be a scalar", position(event));
      case TextNode.Text text -> text.text();
      case TextNode.Numeral number -> written(event, number.text());
      case TextNode.Bool bool -> written(event, Boolean.toString(bool.value()));
    };
  }

  private static String written(Event event, String otherwise) {
    return event instanceof ScalarEvent scalar ? scalar.getValue() : otherwise;
  }

  private static Position position(Event event) {
    return event.getStartMark().map(YamlText::position).orElse(Position.UNKNOWN);
  }

  private static Position position(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
