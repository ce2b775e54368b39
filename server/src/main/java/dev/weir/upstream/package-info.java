/// Live clusters: their hosts, the health of these, and the choice of one for a connection.
///
/// Comes from: `dev.weir.engine`, which publishes clusters and their endpoints.
///
/// Goes to: `dev.weir.upstream.connect`, which connects to the host that was picked.
@NullMarked
package dev.weir.upstream;

import org.jspecify.annotations.NullMarked;
