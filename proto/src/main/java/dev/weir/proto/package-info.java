/// Wire messages: their types, their text forms and their rules. Knows protobuf and the API's
/// messages, and nothing of proxying.
///
/// Comes from: the bootstrap's file and flags, responses of the control plane. Goes to:
/// `dev.weir.xds`, and the decoders of `dev.weir.config`, which make config of messages.
@NullMarked
package dev.weir.proto;

import org.jspecify.annotations.NullMarked;
