/// Route tables, made live: which route a request takes, and what that does to its headers.
///
/// Comes from: `dev.weir.config.http`, made of a listener's own routes or of a push.
///
/// Goes to: `dev.weir.http`, which looks requests up.
@NullMarked
package dev.weir.http.route;

import org.jspecify.annotations.NullMarked;
