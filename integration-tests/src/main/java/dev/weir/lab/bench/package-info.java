/// Benchmarks: the same load through Weir and through its peers, interleaved, on this machine in
/// one run. Nothing here is a test; what comes out are medians, ratios to Envoy and their spread.
///
/// Comes from: the command line (`weir bench`). Goes to: proxies in processes of their own, over
/// plain sockets, and to `integration-tests/BENCHMARKS.md`.
@org.jspecify.annotations.NullMarked
package dev.weir.lab.bench;
