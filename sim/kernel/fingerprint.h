// What the fingerprint takes in of a step: its input and its effects. Bodies of messages are hashed once,
// when they are sent; from then on their digest stands for them.
#pragma once

#include "engine/base/hash.h"
#include "engine/io/effects.h"

namespace odradek::sim {

/// `body`: the digest of the message that the input carries, if it carries one.
void feed_input(Hasher& h, const io::Input& input, const Digest& body);

/// Returns the digest of the message that the effect carries, if it carries one.
Digest feed_effect(Hasher& h, const io::Effect& effect);

}  // namespace odradek::sim
