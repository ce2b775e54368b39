/// The choice of a host: policies, the load of priorities and localities, subsets. Everything here
/// is built when hosts change and is then only read; a pick allocates nothing.
///
/// Comes from: `dev.weir.upstream.host`, whose tables it is built from.
///
/// Goes to: `dev.weir.upstream`, where a cluster publishes it to the workers.
@NullMarked
package dev.weir.upstream.balance;

import org.jspecify.annotations.NullMarked;
