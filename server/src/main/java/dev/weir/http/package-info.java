/// The HTTP connection manager: what is done with a connection that speaks HTTP, and with each of
/// its requests.
///
/// Comes from: `dev.weir.connection`, which hands over an admitted connection.
///
/// Goes to: `dev.weir.http.codec` for the protocols, `dev.weir.http.route` for the routes,
/// `dev.weir.http.filter` and `dev.weir.http.router` for what happens to a request.
@NullMarked
package dev.weir.http;

import org.jspecify.annotations.NullMarked;
