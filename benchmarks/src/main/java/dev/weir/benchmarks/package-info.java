/// Microbenchmarks of what runs for every connection, and of what is built at a push.
///
/// Run by `mvn -Pjmh -pl benchmarks -am -DskipTests verify`, which writes the figures to
/// `integration-tests/BENCHMARKS.md`.
@NullMarked
package dev.weir.benchmarks;

import org.jspecify.annotations.NullMarked;
