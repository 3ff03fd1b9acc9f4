#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>

#include "crypto/digest.h"
#include "match/collector.h"
#include "match/letters.h"
#include "match/query_name.h"

namespace entraide::match {
namespace {

std::uint64_t prefix_of(std::string_view text) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out = out << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
  return out;
}

Bytes& of(std::array<Bytes, kSections>& sections, Section section) {
  return sections[static_cast<std::size_t>(section)];
}

}  // namespace

/// The steps of `assemble`, one after the other.
class Assembly {
 public:
  Assembly(std::span<const Collector* const> from, const Segment* borrowed) : from_(from), borrowed_(borrowed) {}
  Result<std::vector<Bytes>> run(const Versions& versions, Digest* content);

 private:
  struct Place {
    std::uint64_t prefix;
    std::uint32_t collector, row;
    std::uint16_t year;
  };
  struct WordForm {
    std::uint64_t prefix;
    std::uint32_t word;
    KeyForm form;
  };

  const Collector::Row& row(const Place& place) const { return from_[place.collector]->records_[place.row]; }
  std::string_view id(const Place& place) const {
    const Collector& in = *from_[place.collector];
    Cursor text(BytesView(in.texts_).subspan(in.records_[place.row].text_at, in.records_[place.row].text_size));
    return text.text();
  }
  template <class Use>
  void each_posted_word(const Collector& in, const Collector::Row& row, Use use) const;
  template <class Use>
  void each_posting(const Place& place, Use use) const;
  void number_words();
  void order_records();
  Result<> order_ids();
  void write_records();
  void write_identifiers();
  void write_postings();
  void write_forms();

  std::span<const Collector* const> from_;
  const Segment* borrowed_;
  std::array<Bytes, kSections> sections_;
  std::vector<Place> order_;
  std::vector<std::vector<std::uint32_t>> final_;  // collector, its word: number in the segment, kNone if unused
  std::vector<BytesView> keys_;                    // of the segment's words
  std::vector<std::uint32_t> counts_;              // records a word
  std::uint32_t names_ = 0;
  std::uint32_t forms_ = 0;
};

/// `use(word, posted)`: every word of a row; fathers' and mothers' names are compared but not searched.
template <class Use>
void Assembly::each_posted_word(const Collector& in, const Collector::Row& row, Use use) const {
  const std::uint32_t* at = in.bodies_.data() + row.body_at;
  for (std::uint32_t names = *at++; names > 0; --names) {
    const std::uint32_t head = *at++;
    const std::uint32_t size = head >> 8 & 0xff, compounds = head >> 16;
    const auto kind = static_cast<NameKind>(head & 0xff);
    const bool posted = kind != NameKind::father && kind != NameKind::mother;
    at += (size + 7) / 8;
    for (std::uint32_t i = 0; i < size; ++i) use(*at++, posted);
    for (std::uint32_t i = 0; i < compounds; ++i) {
      ++at;
      use(*at++, posted);
    }
  }
}

void Assembly::number_words() {
  Dictionary all;
  std::vector<std::vector<std::uint32_t>> common(from_.size());
  std::vector<std::uint32_t> counts;
  std::vector<bool> used;
  std::vector<std::uint64_t> last;
  std::uint64_t record = 0;
  for (std::size_t c = 0; c < from_.size(); ++c) {
    const Collector& in = *from_[c];
    for (std::uint32_t word = 0; word < in.words_.size(); ++word)
      common[c].push_back(all.number(in.words_.key(word)));
    counts.resize(all.size());
    used.resize(all.size());
    last.resize(all.size());
    for (const Collector::Row& row : in.records_) {
      ++record;
      each_posted_word(in, row, [&](std::uint32_t word, bool posted) {
        const std::uint32_t number = common[c][word];
        used[number] = true;
        if (posted && std::exchange(last[number], record) != record) ++counts[number];
      });
    }
  }
  // The most frequent first: their numbers are the shortest.
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < all.size(); ++i)
    if (used[i]) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (counts[a] != counts[b]) return counts[a] > counts[b];
    const BytesView left = all.key(a), right = all.key(b);
    return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end());
  });
  std::vector<std::uint32_t> place(all.size(), kNone);
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
    counts_.push_back(counts[order[i]]);
  }
  keys_.resize(order.size());
  final_.resize(from_.size());
  for (std::size_t c = 0; c < from_.size(); ++c)
    for (std::uint32_t word = 0; word < common[c].size(); ++word) {
      const std::uint32_t number = place[common[c][word]];
      final_[c].push_back(number);
      if (number != kNone) keys_[number] = from_[c]->words_.key(word);  // the collectors outlive us
    }
}

void Assembly::order_records() {
  std::string common;
  bool first = true;
  for (std::uint32_t c = 0; c < from_.size(); ++c)
    for (std::uint32_t i = 0; i < from_[c]->records_.size(); ++i) {
      order_.push_back({0, c, i, from_[c]->records_[i].year});
      const std::string_view text = id(order_.back());
      if (first) common = text;
      first = false;
      std::size_t same = 0;
      while (same < common.size() && same < text.size() && common[same] == text[same]) ++same;
      common.resize(same);
    }
  for (Place& place : order_) place.prefix = prefix_of(id(place).substr(common.size()));
  std::sort(order_.begin(), order_.end(), [&](const Place& a, const Place& b) {
    if (a.year != b.year) return a.year < b.year;
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    return id(a) < id(b);
  });
}

Result<> Assembly::order_ids() {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ids;
  ids.reserve(order_.size());
  for (std::uint32_t i = 0; i < order_.size(); ++i) ids.emplace_back(hash_of_id(id(order_[i])), i);
  std::sort(ids.begin(), ids.end());
  Bytes& out = of(sections_, Section::ids);
  out.reserve(ids.size() * 4);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    // Records of one id have one hash; between them may stand others of the same hash.
    for (std::size_t j = i; j > 0 && ids[j - 1].first == ids[i].first; --j)
      if (id(order_[ids[j - 1].second]) == id(order_[ids[i].second]))
        return fail(Errc::conflict, "match.record.exists", "record: there is another one of the same id");
    put(out, ids[i].second);
  }
  return {};
}

void Assembly::write_records() {
  Bytes& years = of(sections_, Section::years);
  Bytes& births = of(sections_, Section::births);
  Bytes& countries = of(sections_, Section::countries);
  Bytes& audiences = of(sections_, Section::audiences);
  Bytes& bodies = of(sections_, Section::bodies);
  Bytes& texts = of(sections_, Section::texts);
  Bytes& extras = of(sections_, Section::extras);
  const bool restricted =
      std::any_of(order_.begin(), order_.end(), [&](const Place& p) { return row(p).audience != 0; });
  births.reserve(order_.size() * 4);
  countries.reserve(order_.size() * 2);
  bodies.reserve(order_.size() * 12);
  Bytes body;
  for (std::uint32_t i = 0; i < order_.size(); ++i) {
    const Collector& in = *from_[order_[i].collector];
    const Collector::Row& record = row(order_[i]);
    if (i + 8 < order_.size()) __builtin_prefetch(&row(order_[i + 8]));
    if (i == 0 || order_[i - 1].year != order_[i].year) {
      put(years, std::uint32_t{order_[i].year});
      put(years, i);
    }
    put(births, record.birth.bits);
    put(countries, record.country);
    if (restricted) put(audiences, record.audience);

    body.clear();
    const std::uint32_t* at = in.bodies_.data() + record.body_at;
    const std::uint32_t names = *at++;
    names_ += names;
    put_varint(body, names);
    for (std::uint32_t n = 0; n < names; ++n) {
      const std::uint32_t head = *at++;
      const std::uint32_t size = head >> 8 & 0xff, compounds = head >> 16;
      body.push_back(static_cast<std::uint8_t>((head & 7) | (compounds > 0 ? 8 : 0) | std::min(size, 15u) << 4));
      if (size >= 15) put_varint(body, size - 15);
      const std::uint32_t* const roles = at;
      at += (size + 7) / 8;
      for (std::uint32_t r = 0; r < size; r += 2)
        body.push_back(static_cast<std::uint8_t>(roles[r / 8] >> (r % 8 * 4) & 0xff));
      for (std::uint32_t w = 0; w < size; ++w) put_varint(body, final_[order_[i].collector][*at++]);
      if (compounds > 0) put_varint(body, compounds);
      for (std::uint32_t c = 0; c < compounds; ++c) {
        body.push_back(static_cast<std::uint8_t>(*at & 0xff));
        body.push_back(static_cast<std::uint8_t>(*at++ >> 8));
        put_varint(body, final_[order_[i].collector][*at++]);
      }
    }
    if (i % kBodyStep == 0) put(of(sections_, Section::body_offsets), static_cast<std::uint32_t>(bodies.size()));
    put_varint(bodies, body.size());
    append(bodies, body);

    if (i % kTextStep == 0) put(of(sections_, Section::text_offsets), static_cast<std::uint32_t>(texts.size()));
    put_varint(texts, record.text_size);
    append(texts, BytesView(in.texts_).subspan(record.text_at, record.text_size));
    if (record.extra_size > 0) {
      put(of(sections_, Section::extra_records), i);
      put(of(sections_, Section::extra_offsets), static_cast<std::uint32_t>(extras.size()));
      append(extras, BytesView(in.extras_).subspan(record.extra_at, record.extra_size));
    }
  }
}

void Assembly::write_identifiers() {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> all;
  for (std::uint32_t i = 0; i < order_.size(); ++i) {
    const Collector::Row& record = row(order_[i]);
    for (std::uint32_t k = 0; k < record.identifiers_size; ++k)
      all.emplace_back(from_[order_[i].collector]->identifiers_[record.identifiers_at + k], i);
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  for (const auto& [key, record] : all) {
    put(of(sections_, Section::identifier_keys), key);
    put(of(sections_, Section::identifier_records), record);
  }
}

/// `use(word, beside)`: every word of a row that is searched, once for each name that has it.
template <class Use>
void Assembly::each_posting(const Place& place, Use use) const {
  const std::vector<std::uint32_t>& numbers = final_[place.collector];
  struct Span {
    std::uint32_t word, first, count;
  };
  std::array<WordNumber, text::kTokensMax> words;
  std::array<bool, text::kTokensMax> counted;
  std::array<Span, text::kTokensMax> compounds;
  std::array<Mark, 2 * text::kTokensMax> marks;
  const std::uint32_t* at = from_[place.collector]->bodies_.data() + row(place).body_at;
  for (std::uint32_t names = *at++; names > 0; --names) {
    const std::uint32_t head = *at++;
    const std::uint32_t size = head >> 8 & 0xff, spans = head >> 16;
    const auto kind = static_cast<NameKind>(head & 0xff);
    const std::uint32_t* const roles = at;
    at += (size + 7) / 8;
    for (std::uint32_t i = 0; i < size; ++i) {
      words[i] = numbers[*at++];
      counted[i] = counts(static_cast<text::Role>(roles[i / 8] >> (i % 8 * 4) & 15));
    }
    for (std::uint32_t i = 0; i < spans; ++i, at += 2)
      compounds[i] = {numbers[at[1]], at[0] & 0xff, at[0] >> 8 & 0xff};
    const std::span joined(compounds.data(), spans);
    if (kind == NameKind::father || kind == NameKind::mother) continue;
    // What may be part of a longer word is not missed beside it.
    for (const Span& span : joined)
      for (std::uint32_t i = span.first; i < span.first + span.count && i < size; ++i) counted[i] = false;
    const auto post = [&](std::uint32_t word, std::uint32_t first, std::uint32_t count) {
      std::size_t found = 0;
      for (std::uint32_t i = 0; i < size; ++i)
        if (i < first || i >= first + count) marks[found++] = mark_of(words[i], counted[i]);
      for (const Span& span : joined)
        if (span.first >= first + count || span.first + span.count <= first)
          marks[found++] = mark_of(span.word, false);
      use(word, beside({marks.data(), found}));
    };
    for (std::uint32_t i = 0; i < size; ++i) post(words[i], i, 1);
    for (const Span& span : joined) post(span.word, span.first, span.count);
  }
}

void Assembly::write_postings() {
  std::vector<std::uint64_t> begin(counts_.size() + 1);
  for (const Place& place : order_)
    each_posting(place, [&](std::uint32_t word, const Beside&) { ++begin[word + 1]; });
  for (std::size_t i = 0; i < counts_.size(); ++i) begin[i + 1] += begin[i];
  std::vector<Posting> postings(begin.back());
  std::vector<std::uint64_t> next(begin.begin(), begin.end() - 1);
  for (std::uint32_t i = 0; i < order_.size(); ++i)
    each_posting(order_[i], [&](std::uint32_t word, const Beside& beside) {
      // A word twice in a name, or in two names with the same words, says nothing new.
      const Posting posting{i, beside};
      for (std::uint64_t known = next[word]; known > begin[word] && postings[known - 1].record == i; --known)
        if (postings[known - 1].beside == beside) return;
      postings[next[word]++] = posting;
    });
  Bytes& out = of(sections_, Section::postings);
  Bytes& offsets = of(sections_, Section::posting_offsets);
  for (std::size_t word = 0; word < counts_.size(); ++word) {
    put(offsets, static_cast<std::uint32_t>(out.size()));
    put_postings(out, std::span(postings).subspan(begin[word], next[word] - begin[word]));
  }
  put(offsets, static_cast<std::uint32_t>(out.size()));
}

void Assembly::write_forms() {
  std::array<std::vector<WordForm>, 6 * 256> by_size;  // alphabet, number of letters
  for (std::uint32_t word = 0; word < keys_.size(); ++word) {
    Cursor key(keys_[word]);
    KeyForm form;
    while (next_form(key, form)) {
      if (form.letters.empty() || form.alphabet > text::Alphabet::syllables) continue;
      by_size[static_cast<std::size_t>(form.alphabet) * 256 + form.letters.size()].push_back(
          {prefix_of(form.letters), word, form});
    }
  }
  Bytes& letters = of(sections_, Section::letters);
  Bytes& shares = of(sections_, Section::shares);
  Bytes& offsets = of(sections_, Section::form_offsets);
  Bytes& words = of(sections_, Section::form_words);
  Bytes& initials = of(sections_, Section::initials);
  Bytes& word_shares = of(sections_, Section::word_shares);
  initials.assign(keys_.size(), 0);
  word_shares.assign(keys_.size(), 0);
  std::vector<std::uint8_t> best(keys_.size(), 255);  // how unlikely the form is that gave the initial
  std::vector<std::uint8_t> best_share(keys_.size(), 255);
  for (std::size_t g = 0; g < by_size.size(); ++g) {
    std::vector<WordForm>& list = by_size[g];
    if (list.empty()) continue;
    std::sort(list.begin(), list.end(), [](const WordForm& a, const WordForm& b) {
      if (a.prefix != b.prefix) return a.prefix < b.prefix;
      if (const int order = a.form.letters.compare(b.form.letters); order != 0) return order < 0;
      return a.word < b.word;
    });
    const auto alphabet = static_cast<text::Alphabet>(g / 256);
    for (const std::uint32_t number : {static_cast<std::uint32_t>(g / 256), static_cast<std::uint32_t>(g % 256),
                                       forms_, static_cast<std::uint32_t>(letters.size())})
      put(of(sections_, Section::groups), number);
    for (std::size_t i = 0; i < list.size();) {
      const std::string_view form = list[i].form.letters;
      std::size_t end = i;
      std::uint64_t count = 0;
      for (; end < list.size() && list[end].form.letters == form; ++end) count += counts_[list[end].word];
      std::uint8_t share = share_of(count);
      if (borrowed_ != nullptr)
        if (const auto known = borrowed_->find_form(alphabet, form))
          share = std::max(share, borrowed_->share(*known));
      append(letters, form);
      shares.push_back(share);
      put(offsets, static_cast<std::uint32_t>(words.size()));
      if (alphabet == text::Alphabet::latin) put(of(sections_, Section::bags), letter_bag(form));
      std::uint32_t last = 0;
      for (; i < end; ++i) {
        const WordForm& entry = list[i];
        put_varint(words, entry.word - std::exchange(last, entry.word));
        words.push_back(static_cast<std::uint8_t>(entry.form.kind));
        words.push_back(entry.form.unlikeliness);
        if (alphabet == text::Alphabet::latin && entry.form.unlikeliness < best[entry.word]) {
          best[entry.word] = entry.form.unlikeliness;
          initials[entry.word] = static_cast<std::uint8_t>(form[0]);
        }
        if (alphabet <= text::Alphabet::latin && entry.form.unlikeliness < best_share[entry.word]) {
          best_share[entry.word] = entry.form.unlikeliness;
          word_shares[entry.word] = share;
        }
      }
      ++forms_;
    }
  }
  put(offsets, static_cast<std::uint32_t>(words.size()));
}

Result<std::vector<Bytes>> Assembly::run(const Versions& versions, Digest* content) {
  std::uint64_t total = 0;
  for (const Collector* in : from_) total += in->records_.size();
  if (total >= kNone) return fail(Errc::too_large, "match.index.size", "index: too many records for one file");
  number_words();
  order_records();
  TRY(order_ids());
  write_records();
  write_identifiers();
  write_postings();
  write_forms();

  Header header;
  header.versions = versions;
  header.records = static_cast<std::uint32_t>(order_.size());
  header.words = static_cast<std::uint32_t>(keys_.size());
  header.forms = forms_;
  header.names = names_;
  std::uint64_t at = kHeaderBytes;
  for (std::size_t i = 0; i < kSections; ++i) {
    if (sections_[i].size() >= kNone)
      return fail(Errc::too_large, "match.index.size", "index: a section is over 4 GiB; split the register");
    header.sections[i] = {at, sections_[i].size()};
    sections_[i].resize((sections_[i].size() + 7) / 8 * 8, 0);
    at += sections_[i].size();
  }
  crypto::Sha256 hash;
  hash.update(BytesView(header.bytes()).subspan(64));
  for (const Bytes& section : sections_) hash.update(section);
  header.content = hash.finish();
  if (content != nullptr) *content = header.content;
  std::vector<Bytes> out = {header.bytes()};
  for (Bytes& section : sections_) out.push_back(std::move(section));
  return out;
}

Result<std::vector<Bytes>> assemble(std::span<const Collector* const> from, const Versions& versions,
                                    const Segment* borrowed, Digest* content) {
  return Assembly(from, borrowed).run(versions, content);
}

Bytes join(std::vector<Bytes> pieces) {
  std::size_t size = 0;
  for (const Bytes& piece : pieces) size += piece.size();
  Bytes out;
  out.reserve(size);
  for (Bytes& piece : pieces) {
    append(out, piece);
    Bytes().swap(piece);
  }
  return out;
}

Result<> write_file(const std::string& path, std::span<const Bytes> pieces) {
  const auto failed = [&](const std::string& what) {
    return fail(Errc::storage, "file.write",
                path + ": cannot be " + what + ": " + std::generic_category().message(errno), path);
  };
  std::string temporary = path + ".XXXXXX";
  const int file = ::mkstemp(temporary.data());
  if (file < 0) return failed("written");
  const auto give_up = [&](const std::string& what) {
    auto out = failed(what);
    ::close(file);
    ::unlink(temporary.c_str());
    return out;
  };
  for (const Bytes& piece : pieces)
    for (std::size_t at = 0; at < piece.size();) {
      const ssize_t wrote = ::write(file, piece.data() + at, piece.size() - at);
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote <= 0) return give_up("written");
      at += static_cast<std::size_t>(wrote);
    }
  if (::fchmod(file, 0640) != 0 || ::fsync(file) != 0) return give_up("synced");
  if (::rename(temporary.c_str(), path.c_str()) != 0) return give_up("renamed");
  ::close(file);
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return failed("synced");
  const bool synced = ::fsync(directory) == 0;
  ::close(directory);
  if (!synced) return failed("synced");
  return {};
}

}  // namespace entraide::match
