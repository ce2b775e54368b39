package dev.weir.config;

import java.util.List;
import java.util.Map;

/// What an authorization service says of a connection or a request.
public sealed interface AuthzAnswer {

  /// What becomes dynamic metadata; empty for nothing.
  Map<String, MetadataValue> metadata();

  /// It may come in.
  ///
  /// @param response added to the response, when it comes
  record Allowed(Edits request, List<Header> response, Map<String, MetadataValue> metadata)
      implements AuthzAnswer {}

  /// It may not.
  ///
  /// @param refusal what an HTTP client gets
  record Denied(Refusal refusal, Map<String, MetadataValue> metadata) implements AuthzAnswer {}

  /// The service cannot tell.
  ///
  /// @param refusal what an HTTP client gets, unless errors let it in
  record Failed(Refusal refusal, Map<String, MetadataValue> metadata) implements AuthzAnswer {}

  /// An answer to an HTTP client.
  ///
  /// @param status 0 for the usual one
  record Refusal(int status, List<Header> headers, String body) {
    /// Says nothing but no.
    public static final Refusal PLAIN = new Refusal(0, List.of(), "");

    public Refusal {
      headers = List.copyOf(headers);
    }

    /// The status, or another one where it is none that a response may end with.
    public int statusOr(int usual) {
      return status >= 200 && status < 600 ? status : usual;
    }
  }

  /// Changes of a request.
  ///
  /// @param remove headers, by name in lower case
  /// @param setParameters of the query, in order
  /// @param removeParameters of the query, by name
  record Edits(
      List<Header> headers,
      List<String> remove,
      List<Parameter> setParameters,
      List<String> removeParameters) {
    /// Changes nothing.
    public static final Edits NONE = new Edits(List.of(), List.of(), List.of(), List.of());

    public Edits {
      headers = List.copyOf(headers);
      remove = List.copyOf(remove);
      setParameters = List.copyOf(setParameters);
      removeParameters = List.copyOf(removeParameters);
    }
  }

  /// A header.
  ///
  /// @param name in lower case
  record Header(String name, String value, Way way) {}

  /// How a header comes to the others.
  enum Way {
    /// In place of those of its name.
    SET,
    /// Beside those of its name.
    ADD,
    /// Behind the first of its name, with a comma; without one, not at all.
    JOIN,
    /// Where there is none of its name.
    ADD_IF_ABSENT,
    /// In place of those of its name, where there are any.
    SET_IF_PRESENT
  }

  /// A parameter of a query.
  record Parameter(String name, String value) {}
}
