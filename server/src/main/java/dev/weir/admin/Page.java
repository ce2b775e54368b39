package dev.weir.admin;

import java.util.List;

/// One path of the admin interface.
///
/// @param path as it is asked for
/// @param help what it does, in a line
/// @param mutates whether it changes something and therefore wants a POST
/// @param parameters of the query, in the order in which they are shown
/// @param handler what it answers
record Page(
    String path, String help, boolean mutates, List<Parameter> parameters, Handler handler) {

  /// A page that only shows something.
  static Page view(String path, String help, Handler handler, Parameter... parameters) {
    return new Page(path, help, false, List.of(parameters), handler);
  }

  /// A page that changes something.
  static Page action(String path, String help, Handler handler, Parameter... parameters) {
    return new Page(path, help, true, List.of(parameters), handler);
  }

  /// A parameter of a query.
  ///
  /// @param choices the values it may have; empty for any, or for one that needs none
  record Parameter(String name, String help, Kind kind, List<String> choices) {
    /// How it is asked for in a form.
    enum Kind {
      TEXT,
      FLAG,
      CHOICE
    }

    static Parameter text(String name, String help) {
      return new Parameter(name, help, Kind.TEXT, List.of());
    }

    static Parameter flag(String name, String help) {
      return new Parameter(name, help, Kind.FLAG, List.of());
    }

    static Parameter choice(String name, String help, String... choices) {
      return new Parameter(name, help, Kind.CHOICE, List.of(choices));
    }
  }

  /// What a page answers. Called on a thread of its own, which it may block.
  @FunctionalInterface
  interface Handler {
    AdminResponse handle(AdminRequest request);
  }
}
