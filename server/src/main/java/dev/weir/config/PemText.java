package dev.weir.config;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// Text in PEM (RFC 7468): blocks of Base64 between lines that say what it is. Whatever stands
/// between blocks is for people.
final class PemText {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]++)-----\\s(.*?)-----END \\1-----", Pattern.DOTALL);

  private PemText() {}

  /// One block.
  ///
  /// @param label what it is, such as `CERTIFICATE`
  /// @param encrypted whether it is encrypted in the old way, by lines above the Base64
  @SuppressWarnings("ArrayRecordComponent") // handed on once, and never compared
  record Block(String label, byte[] content, boolean encrypted) {}

  /// All blocks, in their order.
  ///
  /// @throws IllegalArgumentException if one of them is no Base64
  static List<Block> blocks(String text) {
    var blocks = new ArrayList<Block>();
    var matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      var body = matcher.group(2);
      boolean encrypted = body.contains("Proc-Type:");
      var content = encrypted ? new byte[0] : Base64.getMimeDecoder().decode(body);
      blocks.add(new Block(matcher.group(1), content, encrypted));
    }
    return blocks;
  }
}
