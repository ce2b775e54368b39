package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import java.util.Set;
import java.util.regex.Pattern;

/// Checks what stands behind an operator's name, with Envoy's words where it is wrong.
final class LogArguments {
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9:?!#$&'*+.^_`|~-]*");
  private static final Set<String> METADATA_OF =
      Set.of(
          "DYNAMIC",
          "CLUSTER",
          "ROUTE",
          "UPSTREAM_HOST",
          "LISTENER",
          "LISTENER_FILTER_CHAIN",
          "VIRTUAL_HOST");

  private LogArguments() {}

  static void check(LogOperator operator, String argument, boolean cut, Field at)
      throws InvalidResourceException {
    switch (operator.form()) {
      case PLAIN ->
          at.require(
              argument.isEmpty() && !cut, operator + " does not take any parameters or length");
      case OPTIONAL -> at.require(!cut, operator + " does not allow length to be specified.");
      case OPTIONAL_CUT -> {}
      case REQUIRED -> {
        at.require(!argument.isEmpty(), operator + " requires parameters");
        at.require(!cut, operator + " does not allow length to be specified.");
      }
      case REQUIRED_CUT -> at.require(!argument.isEmpty(), operator + " requires parameters");
    }
    meaning(operator, argument, at);
  }

  private static void meaning(LogOperator operator, String argument, Field at)
      throws InvalidResourceException {
    switch (operator) {
      case REQ, RESP, TRAILER, REQUEST_HEADER, RESPONSE_HEADER, REQ_WITHOUT_QUERY ->
          header(argument, at);
      case FILTER_STATE, UPSTREAM_FILTER_STATE -> filterState(argument, at);
      case METADATA ->
          at.require(
              METADATA_OF.contains(first(argument)),
              first(argument) + " is not supported type of metadata");
      case COMMON_DURATION -> duration(argument, at);
      case GRPC_STATUS ->
          at.require(
              Set.of("", "CAMEL_STRING", "SNAKE_STRING", "NUMBER").contains(argument),
              "GrpcStatusFormatter only supports CAMEL_STRING, SNAKE_STRING or NUMBER. Got: "
                  + argument);
      case REQUESTED_SERVER_NAME ->
          oneOf(operator, first(argument), at, "SNI_ONLY", "SNI_FIRST", "HOST_FIRST");
      case PATH -> oneOf(operator, first(argument), at, "WQ", "NQ");
      case QUERY_PARAMS -> oneOf(operator, first(argument), at, "ORIG", "DECODED");
      case COALESCE -> at.warn("%" + operator + "% is not evaluated and prints -");
      default -> {} // Every other operator takes any argument, or was refused one above.
    }
  }

  private static void header(String argument, Field at) throws InvalidResourceException {
    at.require(
        HEADER.matcher(argument).matches(),
        "Invalid header configuration. Format string contains invalid characters.");
    at.require(
        argument.indexOf('?') == argument.lastIndexOf('?'),
        "More than 1 alternative header specified in token: " + argument);
  }

  private static void filterState(String argument, Field at) throws InvalidResourceException {
    var parts = argument.split(":", -1);
    at.require(!parts[0].isEmpty(), "Invalid filter state configuration, key cannot be empty.");
    if (parts.length == 1) {
      return;
    }
    at.require(
        Set.of("PLAIN", "TYPED", "FIELD").contains(parts[1]),
        "Invalid filter state serialize type, only support PLAIN/TYPED/FIELD.");
    at.require(
        parts[1].equals("FIELD") == (parts.length == 3),
        "Invalid filter state serialize type, FIELD should be used with the field name.");
  }

  private static void duration(String argument, Field at) throws InvalidResourceException {
    var parts = argument.split(":", -1);
    at.require(
        parts.length == 2 || parts.length == 3,
        "Invalid common duration configuration: " + argument + ".");
    at.require(
        parts.length == 2 || Set.of("ms", "us", "ns").contains(parts[2]),
        "Invalid common duration precision: " + parts[parts.length - 1] + ".");
  }

  private static void oneOf(LogOperator operator, String option, Field at, String... allowed)
      throws InvalidResourceException {
    at.require(
        option.isEmpty() || Set.of(allowed).contains(option),
        "Invalid %s option: '%s', only '%s' are allowed"
            .formatted(operator, option, String.join("'/'", allowed)));
  }

  private static String first(String argument) {
    int colon = argument.indexOf(':');
    return colon < 0 ? argument : argument.substring(0, colon);
  }
}
