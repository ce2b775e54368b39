/// What one needs around a gateway to see it work: a control plane that serves a folder of YAML
/// files, echo servers to proxy to, and the quickstart that starts both together with a gateway.
/// The end-to-end tests stand on the same pieces.
///
/// Comes from: the command line (`weir quickstart`, `weir control-plane`) and the tests. Goes to: a
/// gateway, over xDS and over plain sockets; never linked into it.
@org.jspecify.annotations.NullMarked
package dev.weir.lab;
