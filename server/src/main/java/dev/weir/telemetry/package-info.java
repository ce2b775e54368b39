/// What is counted and what is written down: statistics under Envoy's names, the record of a
/// connection, and the access logs that are made from it.
///
/// Comes from: `config`, whose records say which logs and which statistics are wanted. Goes to:
/// `transport`, `upstream`, `connection`, `tcpproxy` and `listener`, which count and record;
/// `admin`, which shows it; `xds`, which carries entries to access log services.
@NullMarked
package dev.weir.telemetry;

import org.jspecify.annotations.NullMarked;
