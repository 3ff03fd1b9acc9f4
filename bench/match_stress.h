#pragma once

// What the matcher does while its register changes, and with names that are made to be slow.

#include "bench/match_data.h"

namespace entraide::bench {

/// New records by the data's questions: how many a second when each is matched against standing queries, in batches; and
/// how long one takes from the call until a search sees it. The index is another one afterwards.
void measure_inserts(const MatchData& data, match::Index& index,
                     const std::shared_ptr<const text::Analyser>& analyser);
/// CPU of the slowest kinds of questions: many words, long words, common words only, mixed scripts.
void measure_adversarial(const MatchData& data, const match::Snapshot& snapshot);

}  // namespace entraide::bench
