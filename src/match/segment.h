#pragma once

// An immutable piece of an index, in a mapped file or in memory. The format is written down in docs/formats/
// match-index.md. Everything read from it is checked on the way: a damaged file gives wrong answers, never wrong
// memory.

#include <algorithm>
#include <functional>
#include <memory>

#include "base/ids.h"
#include "match/form_filter.h"
#include "match/postings.h"

namespace entraide::match {

enum class Section : std::uint8_t {
  years,            // u32 pairs (year, first record), ascending; year 0: none, or several dates
  births,           // u32 a record, see Birth
  countries,        // u16 a record: the first country
  audiences,        // u16 a record, or empty: all of audience 0
  body_offsets,     // u32 every kBodyStep records
  bodies,           // names as word numbers
  text_offsets,     // u32 every kTextStep records
  texts,            // id and names as written
  ids,              // u32 a record: record numbers in the order of (hash of id, record)
  extra_records,    // u32, ascending: records with more than the fixed fields
  extra_offsets,    // u32 each
  extras,
  identifier_keys,  // u64, ascending
  identifier_records,  // u32 each
  groups,           // of forms: alphabet, size, first form, offset of letters
  letters,
  shares,           // u8 a form: how many records have it, as a power of 2^(1/4)
  bags,             // u64 a form of the Latin alphabet: which letters it has
  form_offsets,     // u32 a form and one more
  form_words,       // the words that have the form
  word_shares,      // u8 a word: as `shares`, of its own exact form
  initials,         // u8 a word: first Latin letter, 0 where there is none
  posting_offsets,  // u32 a word and one more
  postings,
};
inline constexpr std::size_t kSections = 24;
inline constexpr std::size_t kHeaderBytes = 1024;
inline constexpr std::size_t kBodyStep = 4, kTextStep = 8;
inline constexpr std::string_view kMagic = "entraide-match\r\n";

using FormNumber = std::uint32_t;
inline constexpr std::uint32_t kNone = 0xffff'ffff;

/// The fixed facts of a record, in 32 bits.
struct Birth {
  std::uint32_t bits = 0;
  static Birth of(const BirthDate& date) {
    return {static_cast<std::uint32_t>(date.year) << 10 | static_cast<std::uint32_t>(date.month) << 6 |
            static_cast<std::uint32_t>(date.day) << 1 | (date.circa ? 1u : 0u)};
  }
  BirthDate date() const {
    return {static_cast<std::uint16_t>(bits >> 10 & 0xfff), static_cast<std::uint8_t>(bits >> 6 & 15),
            static_cast<std::uint8_t>(bits >> 1 & 31), (bits & 1) != 0};
  }
  Gender gender() const { return static_cast<Gender>(bits >> 22 & 3); }
  bool extra() const { return (bits >> 24 & 1) != 0; }
  void set(Gender gender) { bits |= static_cast<std::uint32_t>(gender) << 22; }
  void set_extra() { bits |= 1u << 24; }
};
/// Two letters as a number from 1; 0: none.
std::uint16_t country_number(std::string_view two_letters);
std::string country_letters(std::uint16_t number);

/// What the hash order of ids is made of.
std::uint32_t hash_of_id(std::string_view id);

/// A word of a form's list: how the form came about for it, and how likely it is, in 1/16 of a natural logarithm.
struct FormWord {
  WordNumber word = 0;
  text::FormKind kind = text::FormKind::exact;
  std::uint8_t unlikeliness = 0;
};
std::uint8_t unlikeliness_of(float log_probability);

/// A name of a record as it is indexed.
struct IndexedName {
  struct Compound {
    std::uint8_t first = 0, count = 0;
    WordNumber word = 0;
  };
  NameKind kind = NameKind::primary;
  std::uint8_t size = 0;  // of words
  std::array<WordNumber, text::kTokensMax> words;
  std::array<text::Role, text::kTokensMax> roles;
  std::uint8_t compounds_size = 0;
  std::array<Compound, text::kTokensMax> compounds;
};
/// Reads the names of a body one by one, into the same object.
class NameReader {
 public:
  explicit NameReader(BytesView body) : in_(body), left_(in_.varint()) {}
  bool next(IndexedName& name);

 private:
  Cursor in_;
  std::uint32_t left_;
};

struct Extra {
  std::vector<BirthDate> born;
  std::vector<std::uint16_t> countries;
  std::vector<std::string_view> places;
};

struct Versions {
  std::uint32_t format = kFormat, engine = kEngine, rules = 0;
  std::uint64_t tables = 0;
  std::string libraries;  // "icu 72.1 unicode 15.0.0.0"
  static Versions of(const text::Analyser& analyser);
  std::string text() const;
  friend bool operator==(const Versions&, const Versions&) = default;
};

/// The first kHeaderBytes of a segment.
struct Header {
  Versions versions;
  Digest content;  // SHA-256 of all that follows it
  std::uint32_t records = 0, words = 0, forms = 0, names = 0;
  struct Place {
    std::uint64_t offset = 0, size = 0;
  };
  std::array<Place, kSections> sections;

  Bytes bytes() const;
  static Result<Header> parse(BytesView file);
};

class Segment {
 public:
  /// Rules: match.index.form, match.index.version, file.read.
  static Result<std::shared_ptr<const Segment>> map(const std::string& path, const Versions& expected);
  static Result<std::shared_ptr<const Segment>> from_bytes(Bytes bytes, const Versions& expected);
  ~Segment();

  const Header& header() const { return header_; }
  /// Told from every other segment of this process by it, also after it is gone.
  std::uint64_t serial() const { return serial_; }
  std::uint32_t records() const { return header_.records; }
  std::uint32_t words() const { return header_.words; }
  std::uint32_t forms() const { return header_.forms; }
  std::uint64_t bytes() const { return file_.size(); }
  BytesView file() const { return file_; }

  // ---- records ----
  struct Range {
    std::uint32_t year, begin, end;
  };
  /// Records by birth year, ascending; year 0 holds those of no date or several.
  std::span<const Range> years() const { return years_; }
  Birth birth(RecordNumber record) const { return {births_[record]}; }
  std::uint16_t country(RecordNumber record) const { return countries_[record]; }
  bool has_audiences() const { return !audiences_.empty(); }
  std::uint16_t audience(RecordNumber record) const { return audiences_.empty() ? 0 : audiences_[record]; }
  BytesView body(RecordNumber record) const;
  /// For records that will be read: first where their bodies are, a little later the bodies.
  void prefetch_body_offset(RecordNumber record) const { __builtin_prefetch(&body_offsets_[record / kBodyStep]); }
  void prefetch_body(RecordNumber record) const;
  void prefetch_facts(RecordNumber record) const { __builtin_prefetch(&births_[record]); }
  std::string_view id(RecordNumber record) const;
  std::string_view name_text(RecordNumber record, std::size_t name) const;
  Extra extra(RecordNumber record) const;  // empty where there is none
  bool has_extras(const Range& range) const {
    const auto first = std::lower_bound(extra_records_.begin(), extra_records_.end(), range.begin);
    return first != extra_records_.end() && *first < range.end;
  }
  std::optional<RecordNumber> find(std::string_view id) const;
  template <class Use>
  void identified_by(std::uint64_t key, Use use) const {
    for (auto at = std::lower_bound(identifier_keys_.begin(), identifier_keys_.end(), key);
         at != identifier_keys_.end() && *at == key; ++at) {
      const RecordNumber record = identifier_records_[static_cast<std::size_t>(at - identifier_keys_.begin())];
      if (record < records()) use(record);
    }
  }
  std::span<const std::uint64_t> identifier_keys() const { return identifier_keys_; }
  std::span<const std::uint32_t> identifier_records() const { return identifier_records_; }

  // ---- forms and words ----
  struct Group {
    text::Alphabet alphabet{};
    std::uint32_t size = 0;
    FormNumber begin = 0, end = 0;
    std::uint32_t at = 0;
  };
  std::span<const Group> groups() const { return groups_; }
  const Group* group(text::Alphabet alphabet, std::size_t size) const;
  std::optional<FormNumber> find_form(text::Alphabet alphabet, std::string_view letters) const;
  std::string_view letters(const Group& group, FormNumber form) const {
    return text_of(
        letters_.subspan(group.at + static_cast<std::size_t>(form - group.begin) * group.size, group.size));
  }
  /// Of a form of the Latin alphabet, counted from the first Latin form.
  std::span<const std::uint64_t> bags(const Group& group) const;
  /// Half of each: a quicker look at what may be near.
  std::span<const std::uint32_t> half_bags(const Group& group) const;
  const FormFilter& latin_filter() const { return latin_filter_; }
  std::uint8_t share(FormNumber form) const { return shares_[form]; }
  std::uint8_t word_share(WordNumber word) const { return word_shares_[word]; }
  char initial(WordNumber word) const { return static_cast<char>(initials_[word]); }
  /// A word in Latin letters: as it is written, or the likeliest rendering of it; empty where it has none.
  std::string_view latin(WordNumber word) const {
    if (word >= spellings_.size()) return {};
    return text_of(letters_.subspan(spellings_[word].at, spellings_[word].size));
  }
  /// For forms that will be looked at soon: first where their words are, a few forms later the words.
  void prefetch_form(FormNumber form) const {
    __builtin_prefetch(&form_offsets_[form]);
    __builtin_prefetch(&shares_[form]);
  }
  void prefetch_words_of(FormNumber form) const {
    __builtin_prefetch(form_words_.data() + std::min<std::size_t>(form_offsets_[form], form_words_.size()));
  }
  template <class Use>
  void words_of(FormNumber form, Use use) const {
    Cursor in = between(form_words_, form_offsets_[form], form_offsets_[form + 1]);
    WordNumber word = 0;
    while (!in.done()) {
      word += in.varint();
      const std::uint8_t kind = in.byte();
      const std::uint8_t unlikeliness = in.byte();
      if (word >= words() || kind > static_cast<std::uint8_t>(text::FormKind::syllables)) return;
      use(FormWord{word, static_cast<text::FormKind>(kind), unlikeliness});
    }
  }

  // ---- postings ----
  /// For lists that will be read soon: first where they are, a few words later what they begin with.
  void prefetch_posting_offset(WordNumber word) const { __builtin_prefetch(&posting_offsets_[word]); }
  void prefetch_postings(WordNumber word) const {
    const std::uint32_t at = posting_offsets_[word];
    if (at >= postings_.size()) return;
    __builtin_prefetch(postings_.data() + at);
    __builtin_prefetch(postings_.data() + std::min<std::size_t>(at + 64, postings_.size() - 1));
  }
  struct List {
    std::uint32_t size = 0;
    Cursor in;  // what follows the size
    /// It is read as a whole, whatever records are wanted.
    bool one_block() const { return size <= BlockReader::kBlock; }
  };
  List list(WordNumber word) const {
    Cursor in = between(postings_, posting_offsets_[word], posting_offsets_[word + 1]);
    const std::uint32_t size = in.varint();
    return {size, in};
  }
  /// The records of a list of one block that could be worth more than `least` with what its word brings, `own`, ascending:
  /// `use(record, most, many)` as BlockReader.
  template <class Use>
  void scan(const List& list, const MarkWorths& worths, Worth own, int least, Use use) const {
    BlockReader::read(BytesView(list.in.at(), list.in.left()), list.size, false, 0, worths, own, least,
                      [&](RecordNumber record, int most, bool many) {
                        if (record < records()) use(record, most, many);
                      });
  }
  /// The same of a longer list, and within `ranges`.
  template <class Use>
  void scan(const List& list, std::span<const Range> ranges, const MarkWorths& worths, Worth own, int least,
            Use use) const;

 private:
  Segment() = default;
  Result<> lay_out();
  static Cursor between(BytesView bytes, std::uint32_t begin, std::uint32_t end) {
    if (end > bytes.size()) end = static_cast<std::uint32_t>(bytes.size());
    if (begin > end) begin = end;
    return Cursor(bytes.data() + begin, bytes.data() + end);
  }
  template <class Number>
  std::span<const Number> numbers(Section section) const;
  BytesView section(Section section) const;
  Cursor text_at(RecordNumber record) const;

  static std::uint64_t next_serial();
  void make_form_table();
  void spell_words();
  std::size_t form_slot(text::Alphabet alphabet, std::uint64_t hash) const {
    const std::uint64_t mixed = (hash + static_cast<std::uint64_t>(alphabet)) * 0x9e3779b97f4a7c15ull;
    return static_cast<std::size_t>((mixed ^ mixed >> 32) * 0xbf58476d1ce4e5b9ull >> form_shift_);
  }

  std::uint64_t serial_ = next_serial();
  Header header_;
  Bytes owned_;
  void* mapped_ = nullptr;
  BytesView file_;
  std::vector<Range> years_;
  std::vector<Group> groups_;
  std::array<std::array<std::uint16_t, 256>, 6> group_of_{};  // by alphabet and size: index + 1
  FormNumber latin_begin_ = 0;
  FormFilter latin_filter_;
  std::vector<std::uint32_t> half_bags_;
  struct Spelling {
    std::uint32_t at = 0;  // among the letters
    std::uint8_t size = 0, unlikeliness = 255;
  };
  std::vector<Spelling> spellings_;  // of words
  unsigned form_shift_ = 63;
  std::vector<FormNumber> form_table_;  // by the hash of alphabet and letters: form + 1, or 0
  std::span<const std::uint32_t> births_, body_offsets_, text_offsets_, ids_, extra_records_, extra_offsets_,
      identifier_records_, form_offsets_, posting_offsets_;
  std::span<const std::uint16_t> countries_, audiences_;
  std::span<const std::uint64_t> identifier_keys_, bags_;
  BytesView bodies_, texts_, extras_, letters_, shares_, form_words_, word_shares_, initials_, postings_;
};

template <class Use>
void Segment::scan(const List& list, std::span<const Range> ranges, const MarkWorths& worths, Worth own, int least,
                   Use use) const {
  Cursor in = list.in;
  const std::uint32_t size = list.size;
  const auto within = [&](const Range& range, RecordNumber record) {
    return record >= range.begin && record < range.end && record < records();
  };
  const auto blocks = static_cast<std::uint32_t>((size + BlockReader::kBlock - 1) / BlockReader::kBlock);
  const BytesView heads = in.bytes(std::size_t{8} * blocks), data = in.bytes(in.left());
  if (heads.size() != std::size_t{8} * blocks) return;
  const auto head = [&](std::uint32_t block, std::uint32_t which) {
    std::uint32_t out;
    std::memcpy(&out, heads.data() + std::size_t{8} * block + std::size_t{4} * which, sizeof out);
    return out;
  };
  for (const Range& range : ranges) {
    // The last block that begins before the range: a record with several postings may begin the next one too.
    std::uint32_t low = 0, high = blocks;
    while (high - low > 1) {
      const std::uint32_t middle = (low + high) / 2;
      (head(middle, 0) < range.begin ? low : high) = middle;
    }
    for (std::uint32_t block = low; block < blocks && head(block, 0) < range.end; ++block) {
      const std::uint32_t offset = head(block, 1);
      if (offset > data.size()) return;
      const std::size_t left = size - std::size_t{block} * BlockReader::kBlock;
      BlockReader::read(data.subspan(offset), std::min(left, BlockReader::kBlock), true, head(block, 0), worths, own,
                        least, [&](RecordNumber record, int most, bool many) {
                          if (within(range, record)) use(record, most, many);
                        });
    }
  }
}

}  // namespace entraide::match
