package dev.weir.connection;

import dev.weir.config.SetFilterStateConfig.Rule;
import dev.weir.config.StateFactory;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.RecordText;
import java.util.List;

/// Filter state objects that are made of what is known of a connection. Any worker.
public final class StateRules {
  private final List<Live> rules;

  private record Live(String key, StateFactory factory, RecordText text, boolean skipIfEmpty) {}

  /// Compiles the texts.
  public StateRules(List<Rule> rules) {
    this.rules =
        rules.stream()
            .map(rule ->
                new Live(
                    rule.key(), rule.factory(), new RecordText(rule.layout()), rule.skipIfEmpty()))
            .toList();
  }

  /// Sets the objects. A text that its factory does not understand sets none.
  public void apply(ConnectionRecord record) {
    for (var rule : rules) {
      var text = rule.text().of(record);
      if (!(text.isEmpty() && rule.skipIfEmpty())) {
        var value = rule.factory().parse(text);
        if (value != null) {
          record.filterState(rule.key(), value);
        }
      }
    }
  }
}
