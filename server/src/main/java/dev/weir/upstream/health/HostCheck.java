package dev.weir.upstream.health;

/// What the latest check of a host has come to.
///
/// @param changed whether something is new about the host that its cluster picks by
/// @param passed whether this one check went well
public record HostCheck(boolean changed, boolean passed) {}
