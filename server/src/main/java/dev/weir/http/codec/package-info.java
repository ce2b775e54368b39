/// HTTP/1.1 and HTTP/2 as a server speaks them. Headers have HTTP/2's form whatever is spoken.
///
/// Comes from: the bytes of a downstream connection.
///
/// Goes to: `dev.weir.http`, as streams.
@NullMarked
package dev.weir.http.codec;

import org.jspecify.annotations.NullMarked;
