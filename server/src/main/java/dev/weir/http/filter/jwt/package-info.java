/// Tokens (RFC 7519) that requests must have.
///
/// Comes from: `dev.weir.http.filter`, which makes one filter for each chain.
///
/// Goes to: `dev.weir.upstream.call`, where keys are fetched.
@NullMarked
package dev.weir.http.filter.jwt;

import org.jspecify.annotations.NullMarked;
