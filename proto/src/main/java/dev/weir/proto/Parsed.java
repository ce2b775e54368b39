package dev.weir.proto;

import com.google.protobuf.Message;
import java.util.List;

/// What was read from a text.
///
/// @param message the message
/// @param positions where its fields stand
/// @param warnings spellings that were understood, but that the reference proxy refuses
/// @param unknown fields and enum values that were left out; empty unless [OnUnknown#WARN]
public record Parsed<M extends Message>(
    M message, Positions positions, List<WireError> warnings, List<WireError> unknown) {}
