package dev.weir.config.http;

import dev.weir.config.Field;
import dev.weir.config.HeaderAddition;
import dev.weir.config.HeaderDecoder;
import dev.weir.config.LogTemplate;
import dev.weir.config.http.HeaderRules.Changes;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Makes [HeaderRules].
final class HeaderRulesDecoder {
  private HeaderRulesDecoder() {}

  /// The `request_headers_to_…` and `response_headers_to_…` fields that several messages have.
  static HeaderRules rules(
      List<HeaderValueOption> addToRequest,
      List<String> removeFromRequest,
      List<HeaderValueOption> addToResponse,
      List<String> removeFromResponse,
      Field at) {
    return new HeaderRules(
        changes("request", addToRequest, removeFromRequest, at),
        changes("response", addToResponse, removeFromResponse, at));
  }

  /// Fields of the message that has the two lists.
  ///
  /// @param kind `request` or `response`
  static Changes changes(String kind, List<HeaderValueOption> add, List<String> remove, Field at) {
    for (int i = 0; i < remove.size(); i++) {
      HeaderDecoder.checkChangeable(
          remove.get(i), "removed", at.at(kind + "_headers_to_remove", i));
    }
    return of(remove, additions(kind + "_headers_to_add", add, at));
  }

  static List<HeaderAddition> additions(String field, List<HeaderValueOption> wire, Field at) {
    return at.each(field, wire, HeaderRulesDecoder::addition);
  }

  static Changes of(List<String> remove, List<HeaderAddition> add) {
    if (remove.isEmpty() && add.isEmpty()) {
      return Changes.NONE;
    }
    var names = new ArrayList<String>(remove.size());
    remove.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return new Changes(List.copyOf(names), add);
  }

  static HeaderAddition addition(HeaderValueOption wire, Field at) throws InvalidResourceException {
    var header = wire.getHeader();
    HeaderDecoder.checkChangeable(header.getKey(), "modified", at);
    return new HeaderAddition(
        header.getKey().toLowerCase(Locale.ROOT),
        header.getRawValue().isEmpty()
            ? LogTemplate.parse(header.getValue(), at.at("header").at("value"))
            : LogTemplate.literal(header.getRawValue().toStringUtf8()),
        HeaderDecoder.action(wire, at),
        wire.getKeepEmptyValue());
  }
}
