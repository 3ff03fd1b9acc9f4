#pragma once

// What was asked of the matcher, what came back, and the tables that are printed of it.

#include "bench/match_data.h"

namespace entraide::bench {

struct Asked {
  const Question* question = nullptr;
  std::size_t rank = 0;  // of the first accepted hit among ten, from 1; 0: none
  double top = -1e9;  // score of the first hit
  double accepted = -1e9;  // score of the first accepted hit
  double posterior = 0;  // of the first hit
  match::Weight prior = 0;
  double seconds = 0;  // of this thread's CPU
  std::uint64_t considered = 0;
  std::string first, tenth;  // the first and the last of the ten, as they are written in the register
  double last = -1e9;  // score of the tenth
  bool tenth_same = false;  // it has the very words that were asked for, and no others
  bool widened = false, bounded = false;
};

/// The score that at most one in a hundred of the persons on no list reach.
double alert_threshold(const std::vector<Asked>& asked);
void print_recall(const char* what, const std::vector<Asked>& asked);
void print_speed(const char* what, const std::vector<Asked>& asked);
/// Expected calibration error of the first hit's posterior, fifteen bins.
void print_calibration(const std::vector<Asked>& asked);
/// The labelled pairs of persons: the right name of each becomes a record of the index. `misses`: where each pair is
/// told with its reasons, or null.
void print_labelled(const MatchData& data, match::Index& index, std::FILE* misses);

}  // namespace entraide::bench
