/// The admin listener: what runs, with which configuration, and how it fares.
///
/// Comes from: HTTP requests on the admin address.
///
/// Goes to: everything else, read only but for drain, log levels and quit.
@NullMarked
package dev.weir.admin;

import org.jspecify.annotations.NullMarked;
