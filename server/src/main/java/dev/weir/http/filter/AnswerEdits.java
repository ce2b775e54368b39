package dev.weir.http.filter;

import dev.weir.config.AuthzAnswer.Edits;
import dev.weir.config.AuthzAnswer.Header;
import dev.weir.config.AuthzAnswer.Refusal;
import dev.weir.config.AuthzAnswer.Way;
import dev.weir.config.http.MutationRules;
import dev.weir.http.route.HeaderText;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes the changes that an authorization service asks for. Any worker.
final class AnswerEdits {
  /// A token of RFC 9110, section 5.6.2, or the name of a pseudo header.
  private static final Pattern NAME = Pattern.compile(":?[!#$%&'*+.^_`|~0-9a-z-]+");

  private AnswerEdits() {}

  /// Whether all that is asked for are headers that may be sent.
  static boolean areValid(List<Header> headers) {
    for (var header : headers) {
      if (!isValid(header)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isValid(Header header) {
    var value = header.value();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\r' || c == '\n' || c == 0) {
        return false;
      }
    }
    return NAME.matcher(header.name()).matches();
  }

  /// Whether the rules permit all.
  static boolean permitted(Edits edits, @Nullable MutationRules rules) {
    if (rules == null) {
      return true;
    }
    for (var header : edits.headers()) {
      if (!rules.permit(header.name())) {
        return false;
      }
    }
    for (var name : edits.remove()) {
      if (!rules.permit(name)) {
        return false;
      }
    }
    return true;
  }

  /// Changes a request: what is malformed or not permitted is left out.
  ///
  /// @return whether anything was asked for
  static boolean apply(Edits edits, @Nullable MutationRules rules, Http2Headers headers) {
    change(edits.headers(), Way.SET, rules, headers);
    change(edits.headers(), Way.ADD, rules, headers);
    change(edits.headers(), Way.JOIN, rules, headers);
    for (var name : edits.remove()) {
      boolean fixed = name.isEmpty() || name.startsWith(":") || name.equals("host");
      if (!fixed && (rules == null || rules.permit(name))) {
        headers.remove(name);
      }
    }
    parameters(edits, headers);
    return !edits.equals(Edits.NONE);
  }

  private static void change(
      List<Header> edits, Way way, @Nullable MutationRules rules, Http2Headers headers) {
    for (var edit : edits) {
      if (edit.way() == way && (rules == null || rules.permit(edit.name()))) {
        apply(edit, headers);
      }
    }
  }

  private static void join(AsciiString name, String value, Http2Headers headers) {
    var values = headers.getAll(name);
    if (!values.isEmpty()) {
      headers.remove(name);
      headers.add(name, values.getFirst() + "," + value);
      values.subList(1, values.size()).forEach(other -> headers.add(name, other));
    }
  }

  /// Changes headers of a response.
  static void apply(List<Header> edits, Http2Headers headers) {
    for (var edit : edits) {
      apply(edit, headers);
    }
  }

  private static void apply(Header edit, Http2Headers headers) {
    if (!isValid(edit)) {
      return;
    }
    var name = HeaderText.name(edit.name());
    switch (edit.way()) {
      case ADD -> headers.add(name, edit.value());
      case JOIN -> join(name, edit.value(), headers);
      case ADD_IF_ABSENT -> {
        if (!headers.contains(name)) {
          headers.add(name, edit.value());
        }
      }
      case SET -> headers.set(name, edit.value());
      case SET_IF_PRESENT -> {
        if (headers.contains(name)) {
          headers.set(name, edit.value());
        }
      }
    }
  }

  /// Puts a refusal's headers in place of those that are there; one name may come several times.
  static void replace(Refusal refusal, Http2Headers headers) {
    Set<String> replaced = new HashSet<>();
    for (var edit : refusal.headers()) {
      boolean untrue = refusal.body().isEmpty() && edit.name().equals("content-length");
      if (isValid(edit) && !edit.name().startsWith(":") && !untrue) {
        if (replaced.add(edit.name())) {
          headers.remove(edit.name());
        }
        headers.add(edit.name(), edit.value());
      }
    }
  }

  private static void parameters(Edits edits, Http2Headers headers) {
    var path = headers.path();
    if (path == null || (edits.setParameters().isEmpty() && edits.removeParameters().isEmpty())) {
      return;
    }
    var text = path.toString();
    int mark = text.indexOf('?');
    // As Envoy has it: sorted by name, and with a value each.
    var query = new TreeMap<String, List<String>>();
    if (mark >= 0 && mark < text.length() - 1) {
      for (var pair : text.substring(mark + 1).split("&", -1)) {
        int equals = pair.indexOf('=');
        var name = equals < 0 ? pair : pair.substring(0, equals);
        query.computeIfAbsent(name, _ -> new ArrayList<>()).add(pair.substring(name.length()));
      }
    }
    for (var parameter : edits.setParameters()) {
      query.put(parameter.name(), List.of("=" + parameter.value()));
    }
    edits.removeParameters().forEach(query::remove);
    var all = new StringJoiner("&", "?", "").setEmptyValue("");
    query.forEach(
        (name, values) -> values.forEach(value -> all.add(name + (value.isEmpty() ? "=" : value))));
    headers.path((mark < 0 ? text : text.substring(0, mark)) + all);
  }
}
