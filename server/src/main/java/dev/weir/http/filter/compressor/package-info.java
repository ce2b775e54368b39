/// The compressor: which bodies are compressed, for whom, and by which library.
///
/// Comes from: `dev.weir.http.filter`, a filter for each request. Goes to: the bodies that pass it.
@NullMarked
package dev.weir.http.filter.compressor;

import org.jspecify.annotations.NullMarked;
