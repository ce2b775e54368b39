package dev.weir.proto;

import com.google.protobuf.ByteString;
import com.google.re2j.Pattern;
import io.envoyproxy.pgv.validate.Validate.BytesRules;
import io.envoyproxy.pgv.validate.Validate.KnownRegex;
import io.envoyproxy.pgv.validate.Validate.StringRules;
import java.nio.charset.StandardCharsets;
import java.util.function.ToLongFunction;

/// Rules about strings and bytes.
final class TextRules {
  private TextRules() {}

  static ValueRule of(StringRules rules) {
    var list =
        new RuleList<String>(String.class::cast)
            .exempt(rules.getIgnoreEmpty(), String::isEmpty)
            .add(
                rules.hasConst(),
                "must be '" + rules.getConst() + "'",
                text -> text.equals(rules.getConst()))
            .addChoices(rules.getInList(), rules.getNotInList());
    addLengths(rules, list);
    addContents(rules, list);
    addFormat(rules, list);
    return list.build();
  }

  private static void addLengths(StringRules rules, RuleList<String> list) {
    ToLongFunction<String> points = text -> text.codePointCount(0, text.length());
    ToLongFunction<String> bytes = text -> text.getBytes(StandardCharsets.UTF_8).length;
    addLength(list, rules.hasLen(), rules.getLen(), rules.getLen(), "character", points);
    addLength(list, rules.hasMinLen(), rules.getMinLen(), Long.MAX_VALUE, "character", points);
    addLength(list, rules.hasMaxLen(), 0, rules.getMaxLen(), "character", points);
    addLength(list, rules.hasLenBytes(), rules.getLenBytes(), rules.getLenBytes(), "byte", bytes);
    addLength(list, rules.hasMinBytes(), rules.getMinBytes(), Long.MAX_VALUE, "byte", bytes);
    addLength(list, rules.hasMaxBytes(), 0, rules.getMaxBytes(), "byte", bytes);
  }

  /// @param unit what is counted, in the singular
  static <T> void addLength(
      RuleList<T> list,
      boolean stated,
      long least,
      long most,
      String unit,
      ToLongFunction<T> length) {
    list.add(
        stated,
        lengthMessage(least, most, unit),
        value -> {
          var actual = length.applyAsLong(value);
          return actual >= least && actual <= most;
        });
  }

  private static String lengthMessage(long least, long most, String unit) {
    if (least == 1 && most == Long.MAX_VALUE && !unit.equals("item")) {
      return "must not be empty";
    }
    var bound = least == most ? "" : least > 0 ? "at least " : "at most ";
    var number = least > 0 ? least : most;
    return "must have " + bound + number + " " + unit + (number == 1 ? "" : "s");
  }

  private static void addContents(StringRules rules, RuleList<String> list) {
    list.add(
            rules.hasPrefix(),
            "must begin with '" + rules.getPrefix() + "'",
            text -> text.startsWith(rules.getPrefix()))
        .add(
            rules.hasSuffix(),
            "must end with '" + rules.getSuffix() + "'",
            text -> text.endsWith(rules.getSuffix()))
        .add(
            rules.hasContains(),
            "must contain '" + rules.getContains() + "'",
            text -> text.contains(rules.getContains()))
        .add(
            rules.hasNotContains(),
            "must not contain '" + rules.getNotContains() + "'",
            text -> !text.contains(rules.getNotContains()));
    if (rules.hasPattern()) {
      var pattern = Pattern.compile(rules.getPattern());
      list.add(true, "must match " + rules.getPattern(), pattern::matches);
    }
  }

  private static void addFormat(StringRules rules, RuleList<String> list) {
    switch (rules.getWellKnownCase()) {
      case EMAIL -> list.add(rules.getEmail(), "must be an email address", TextFormats::isEmail);
      case HOSTNAME ->
          list.add(rules.getHostname(), "must be a host name", TextFormats::isHostname);
      case IP -> list.add(rules.getIp(), "must be an IP address", TextFormats::isIp);
      case IPV4 -> list.add(rules.getIpv4(), "must be an IPv4 address", TextFormats::isIpv4);
      case IPV6 -> list.add(rules.getIpv6(), "must be an IPv6 address", TextFormats::isIpv6);
      case URI -> list.add(rules.getUri(), "must be an absolute URI", TextFormats::isUri);
      case URI_REF -> list.add(rules.getUriRef(), "must be a URI", TextFormats::isUriReference);
      case ADDRESS ->
          list.add(
              rules.getAddress(),
              "must be a host name or an IP address",
              text -> TextFormats.isHostname(text) || TextFormats.isIp(text));
      case UUID -> list.add(rules.getUuid(), "must be a UUID", TextFormats::isUuid);
      case WELL_KNOWN_REGEX -> addHeader(rules, list);
      case WELLKNOWN_NOT_SET -> {}
    }
  }

  private static void addHeader(StringRules rules, RuleList<String> list) {
    var strict = rules.getStrict();
    list.add(
            rules.getWellKnownRegex() == KnownRegex.HTTP_HEADER_NAME,
            "must be an HTTP header name",
            text -> TextFormats.isHeaderName(text, strict))
        .add(
            rules.getWellKnownRegex() == KnownRegex.HTTP_HEADER_VALUE,
            "must be an HTTP header value",
            text -> TextFormats.isHeaderValue(text, strict));
  }

  static ValueRule of(BytesRules rules) {
    var list =
        new RuleList<ByteString>(ByteString.class::cast)
            .exempt(rules.getIgnoreEmpty(), ByteString::isEmpty)
            .add(
                rules.hasConst(),
                "must be the one allowed value",
                bytes -> bytes.equals(rules.getConst()))
            .addChoices(rules.getInList(), rules.getNotInList())
            .add(
                rules.hasPrefix(),
                "must begin with the bytes " + hex(rules.getPrefix()),
                bytes -> bytes.startsWith(rules.getPrefix()))
            .add(
                rules.hasSuffix(),
                "must end with the bytes " + hex(rules.getSuffix()),
                bytes -> bytes.endsWith(rules.getSuffix()))
            .add(
                rules.hasContains(),
                "must contain the bytes " + hex(rules.getContains()),
                bytes -> hex(bytes).contains(hex(rules.getContains())))
            .add(rules.getIp(), "must be an IP address", b -> b.size() == 4 || b.size() == 16)
            .add(rules.getIpv4(), "must be an IPv4 address", bytes -> bytes.size() == 4)
            .add(rules.getIpv6(), "must be an IPv6 address", bytes -> bytes.size() == 16);
    ToLongFunction<ByteString> size = ByteString::size;
    addLength(list, rules.hasLen(), rules.getLen(), rules.getLen(), "byte", size);
    addLength(list, rules.hasMinLen(), rules.getMinLen(), Long.MAX_VALUE, "byte", size);
    addLength(list, rules.hasMaxLen(), 0, rules.getMaxLen(), "byte", size);
    if (rules.hasPattern()) {
      var pattern = Pattern.compile(rules.getPattern());
      list.add(
          true,
          "must match " + rules.getPattern(),
          bytes -> pattern.matches(bytes.toString(StandardCharsets.ISO_8859_1)));
    }
    return list.build();
  }

  /// Two digits and a blank for each byte, so that one text contains another only bytewise.
  private static String hex(ByteString bytes) {
    var text = new StringBuilder();
    for (var b : bytes) {
      text.append(String.format("%02x ", b));
    }
    return text.toString().strip();
  }
}
