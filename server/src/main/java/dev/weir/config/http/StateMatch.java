package dev.weir.config.http;

import dev.weir.config.TextMatch;

/// A test of a filter state object by its text (`type.matcher.v3.FilterStateMatcher`).
public record StateMatch(String key, TextMatch text) {}
