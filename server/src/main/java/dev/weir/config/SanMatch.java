package dev.weir.config;

/// A rule for the alternative names of a certificate (`SubjectAltNameMatcher`).
///
/// @param oid of [Kind#OTHER_NAME], which kind of it; empty otherwise
public record SanMatch(Kind kind, TextMatch match, String oid) {

  /// What kind of name.
  public enum Kind {
    /// A mail address.
    EMAIL,
    /// A host name, perhaps with a wildcard.
    DNS,
    /// A URI, such as a SPIFFE ID.
    URI,
    /// An IP address.
    IP,
    /// Something else, told apart by an object identifier.
    OTHER_NAME
  }
}
