/// Outlier detection: hosts are taken out for a while because connections or requests to them fail.
///
/// Comes from: `dev.weir.upstream.host`, whose monitors note how each connection fares.
///
/// Goes to: the flags of the hosts, and back to the cluster, which picks by them.
@NullMarked
package dev.weir.upstream.outlier;

import org.jspecify.annotations.NullMarked;
