#pragma once

// Pairs for Korean and Japanese personal names, and the readings of Han characters.

#include "text/train/pairs.h"

namespace entraide::train {

/// Korean names in the full names of Wikidata, "차동민" with "Cha Dong-min": family and given name as a pair each.
Result<std::vector<Pair>> read_korean(const std::string& folder);

/// The pairs with the Mandarin syllables of Han characters for units: what one character taught is known of all that sound the
/// same. Pairs with a character that has none are left out.
Result<std::vector<Pair>> by_sounds(const std::vector<Pair>& pairs);

/// A reading of a surname or given name in ENAMDICT (EUC-JP, as Debian's package `enamdict` has it). The entries of whole
/// persons are not read.
struct DictionaryEntry {
  std::u32string units;
  std::string latin;
  bool place = false;  // there is a place of that name, too
};
Result<std::vector<DictionaryEntry>> read_enamdict(const std::string& enamdict, bool family);

/// The same as pairs to learn from.
Result<std::vector<Pair>> read_japanese(const std::string& enamdict, bool family);

/// Given names of one character with all their readings in ENAMDICT: too short for a table of steps to learn them.
Result<> write_single_names(const std::string& enamdict, const std::string& path);

/// Surnames and given names of ENAMDICT whose reading the learned tables in `folder` do not give among their first, as many
/// as the size of a file allows: `japanese_families.txt`, `japanese_givens.txt`.
Result<> write_readings(const std::string& enamdict, const std::string& folder);

/// Readings of Unihan (`Unihan_Readings.txt` of Debian's `unicode-data`, unpacked): Mandarin, Cantonese, Korean.
Result<> write_hanzi(const std::string& unihan, const std::string& path);

}  // namespace entraide::train
