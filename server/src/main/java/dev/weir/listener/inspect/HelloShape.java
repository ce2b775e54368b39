package dev.weir.listener.inspect;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What a ClientHello offers, in its order and without the values that only keep servers tolerant
/// (RFC 8701): enough to tell kinds of clients apart.
///
/// @param version the highest one that is offered
/// @param legacyVersion the one in the hello's own field
record HelloShape(
    int version,
    int legacyVersion,
    List<Integer> cipherSuites,
    List<Integer> extensions,
    List<Integer> groups,
    List<Integer> pointFormats,
    List<Integer> signatureAlgorithms) {

  private static final int SERVER_NAME = 0;
  private static final int GROUPS = 10;
  private static final int POINT_FORMATS = 11;
  private static final int SIGNATURE_ALGORITHMS = 13;
  private static final int ALPN = 16;
  private static final int SUPPORTED_VERSIONS = 43;
  private static final int MOST_COUNTED = 99;
  private static final int HASH_DIGITS = 12;
  private static final String NOTHING = "0".repeat(HASH_DIGITS);

  /// The JA3 fingerprint: MD5 over five lists of decimal numbers.
  String ja3() {
    var text =
        String.join(
            ",",
            Integer.toString(legacyVersion),
            joined(cipherSuites),
            joined(extensions),
            joined(groups),
            joined(pointFormats));
    return digest("MD5", text);
  }

  private static String joined(List<Integer> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining("-"));
  }

  /// The JA4 fingerprint: what stands out in clear, then hashes of sorted lists.
  String ja4(List<String> protocols) {
    return "t"
        + versionText()
        + (extensions.contains(SERVER_NAME) ? 'd' : 'i')
        + counted(cipherSuites)
        + counted(extensions)
        + ends(protocols)
        + "_"
        + hash(sorted(cipherSuites.stream().mapToInt(it -> it)))
        + "_"
        + hash(extensionText());
  }

  private String versionText() {
    return switch (version) {
      case 0x0304 -> "13";
      case 0x0303 -> "12";
      case 0x0302 -> "11";
      case 0x0301 -> "10";
      case 0x0300 -> "s3";
      case 0x0200 -> "s2";
      default -> "00";
    };
  }

  private static String counted(List<Integer> values) {
    return "%02d".formatted(Math.min(values.size(), MOST_COUNTED));
  }

  /// The first and the last character of the first protocol, or of its hexadecimal form.
  private static String ends(List<String> protocols) {
    if (protocols.isEmpty() || protocols.getFirst().isEmpty()) {
      return "00";
    }
    var first = protocols.getFirst();
    var shown =
        isPlain(first.charAt(0)) && isPlain(first.charAt(first.length() - 1))
            ? first
            : HexFormat.of().formatHex(first.getBytes(StandardCharsets.ISO_8859_1));
    return "" + shown.charAt(0) + shown.charAt(shown.length() - 1);
  }

  private static boolean isPlain(char c) {
    return c < 128 && Character.isLetterOrDigit(c);
  }

  private String extensionText() {
    var names =
        sorted(
            extensions.stream().mapToInt(it -> it).filter(it -> it != SERVER_NAME && it != ALPN));
    return signatureAlgorithms.isEmpty()
        ? names
        : names + "_" + hex(signatureAlgorithms.stream().mapToInt(it -> it));
  }

  private static String sorted(IntStream values) {
    return hex(values.sorted());
  }

  private static String hex(IntStream values) {
    IntFunction<String> four = "%04x"::formatted;
    return values.mapToObj(four).collect(Collectors.joining(","));
  }

  private static String hash(String text) {
    return text.isEmpty() ? NOTHING : digest("SHA-256", text).substring(0, HASH_DIGITS);
  }

  private static String digest(String algorithm, String text) {
    try {
      var bytes =
          MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  /// Collects the parts while a hello is read. A list whose length is wrong counts as far as it
  /// goes.
  static final class Builder {
    private int legacyVersion;
    private int version;
    private List<Integer> cipherSuites = List.of();
    private final List<Integer> extensions = new ArrayList<>();
    private List<Integer> groups = List.of();
    private List<Integer> pointFormats = List.of();
    private List<Integer> signatureAlgorithms = List.of();

    void start(int version, ByteBuf suites) {
      this.legacyVersion = version;
      this.version = version;
      this.cipherSuites = shorts(suites);
    }

    void extension(int type, ByteBuf body) {
      if (!isGrease(type)) {
        extensions.add(type);
      }
      switch (type) {
        case GROUPS -> groups = shorts(body.skipBytes(2));
        case POINT_FORMATS -> pointFormats = bytes(body.skipBytes(1));
        case SIGNATURE_ALGORITHMS -> signatureAlgorithms = shorts(body.skipBytes(2));
        case SUPPORTED_VERSIONS ->
            version = shorts(body.skipBytes(1)).stream().mapToInt(it -> it).max().orElse(version);
        default -> {}
      }
    }

    HelloShape build() {
      return new HelloShape(
          version,
          legacyVersion,
          cipherSuites,
          List.copyOf(extensions),
          groups,
          pointFormats,
          signatureAlgorithms);
    }

    private static List<Integer> shorts(ByteBuf list) {
      return IntStream.generate(list::readUnsignedShort)
          .limit(list.readableBytes() / 2)
          .filter(value -> !isGrease(value))
          .boxed()
          .toList();
    }

    private static List<Integer> bytes(ByteBuf list) {
      return IntStream.generate(list::readUnsignedByte)
          .limit(list.readableBytes())
          .boxed()
          .toList();
    }

    /// Both bytes alike, and each ending in `a`.
    private static boolean isGrease(int value) {
      return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
    }
  }
}
