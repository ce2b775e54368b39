/// HTTP filters: what happens to a request between its arrival and the router, and to a response on
/// its way back.
///
/// Comes from: `dev.weir.http`, which runs a chain of them for each request.
///
/// Goes to: `dev.weir.http.router`, the last of them.
@NullMarked
package dev.weir.http.filter;

import org.jspecify.annotations.NullMarked;
