#pragma once

// A committer with one mistake in it, to show that the simulation would notice. Written anew from the same parts as the
// real one, which has no place where a mistake could be switched on.

#include "sim/node.h"

namespace entraide::sim {

Result<std::unique_ptr<Node>> start_mutant(Node::Parts parts, std::unique_ptr<store::Database> database);

}  // namespace entraide::sim
