/// The router: sends a request to a host of its route's cluster, perhaps several times, and the
/// response back.
///
/// Comes from: `dev.weir.http.filter`, being the last filter of a chain.
///
/// Goes to: `dev.weir.upstream.http` for streams, `dev.weir.upstream.connect` where CONNECT ends.
@NullMarked
package dev.weir.http.router;

import org.jspecify.annotations.NullMarked;
