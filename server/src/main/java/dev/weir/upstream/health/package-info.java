/// Active health checks: asking each host of a cluster again and again, and what follows from the
/// answers.
///
/// Comes from: `dev.weir.upstream`, whose clusters have hosts to check.
///
/// Goes to: the flags of the hosts, and back to the cluster, which picks by them.
@NullMarked
package dev.weir.upstream.health;

import org.jspecify.annotations.NullMarked;
