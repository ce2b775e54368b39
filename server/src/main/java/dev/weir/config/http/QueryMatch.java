package dev.weir.config.http;

import dev.weir.config.TextMatch;
import org.jspecify.annotations.Nullable;

/// A test of one query parameter, or of one cookie.
///
/// @param text what the first value must be; null if only presence is asked for
/// @param present whether it must be there, where `text` is null
/// @param invert whether those pass that do not match
public record QueryMatch(String name, @Nullable TextMatch text, boolean present, boolean invert) {}
