#pragma once

// What becomes a segment: records taken apart, one collector a thread; and how they are put together.

#include "match/segment.h"

namespace entraide::match {

/// Distinct byte strings, numbered in the order in which they came.
class Dictionary {
 public:
  std::uint32_t number(BytesView key);
  std::uint32_t size() const { return static_cast<std::uint32_t>(keys_.size()); }
  BytesView key(std::uint32_t number) const {
    return BytesView(store_).subspan(keys_[number].at, keys_[number].size);
  }

 private:
  struct Key {
    std::uint64_t hash, at;
    std::uint32_t size;
  };
  void grow();
  Bytes store_;
  std::vector<Key> keys_;
  std::vector<std::uint32_t> slots_;
};

/// A word's key: its forms in the order of (alphabet, size, letters), each as
/// alphabet, kind, unlikeliness, size (a byte each), letters. Reads one form; false at the end.
struct KeyForm {
  text::Alphabet alphabet{};
  text::FormKind kind{};
  std::uint8_t unlikeliness = 0;
  std::string_view letters;
};
bool next_form(Cursor& key, KeyForm& form);

class Collector {
 public:
  explicit Collector(const text::Analyser* analyser) : analyser_(analyser) {}

  /// The record has been checked.
  void add(const Record& record);
  /// Copies the records for which `kept` is true, without analysing them again.
  void add(const Segment& segment, const std::function<bool(RecordNumber)>& kept);
  std::size_t size() const { return records_.size(); }
  /// Forgets the records from `size` on. Their words stay known; unused words are not written.
  void cut(std::size_t size) { records_.resize(size); }

 private:
  friend class Assembly;
  struct Row {
    std::uint64_t text_at, body_at, extra_at;
    std::uint32_t text_size, identifiers_at;
    std::uint16_t identifiers_size, year, country, audience;
    std::uint32_t extra_size;
    Birth birth;
  };
  void add_name(std::string_view text, NameKind kind);
  std::uint32_t word(std::span<const text::Form> forms);

  const text::Analyser* analyser_;
  Bytes key_;
  std::vector<const text::Form*> sorted_;
  Dictionary words_;
  std::vector<Row> records_;
  std::vector<std::uint32_t>
      bodies_;  // names: count, then each: kind | size << 8 | compounds << 16, roles, words, compounds
  Bytes texts_, extras_;
  std::vector<std::uint64_t> identifiers_;
};

/// Where a thread puts the name that it analyses, for the index or for a search: it knows the renderings of words met lately.
text::Name& analysed();
/// The tokens of a name that are indexed: all but titles.
bool is_indexed(const text::Token& token);

/// One segment from all that was collected. `borrowed`: a segment whose counts of words are used where they are
/// greater (a small segment does not know what is common). Equal records give equal bytes.
/// Rules: match.record.exists, match.index.size.
Result<std::vector<Bytes>> assemble(std::span<const Collector* const> from, const Versions& versions,
                                    const Segment* borrowed, Digest* content);
/// Writes pieces as one file: new, synced, renamed, folder synced. Rule: file.write.
Result<> write_file(const std::string& path, std::span<const Bytes> pieces);
Bytes join(std::vector<Bytes> pieces);

}  // namespace entraide::match
