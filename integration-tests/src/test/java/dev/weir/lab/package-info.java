/// The end-to-end tests: control planes, a gateway and sockets, and the real Envoy beside it.
@org.jspecify.annotations.NullMarked
package dev.weir.lab;
