#include "match/collector.h"

#include <algorithm>

#include "match/identifiers.h"
#include "match/query_name.h"

namespace entraide::match {
namespace {

std::uint64_t hash_of(BytesView bytes) {
  std::uint64_t hash = 0x9e3779b97f4a7c15ull ^ bytes.size();
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + at, 8);
    hash = (hash ^ word) * 0xff51afd7ed558ccdull;
    hash ^= hash >> 32;
  }
  std::uint64_t rest = 0;
  if (at < bytes.size()) std::memcpy(&rest, bytes.data() + at, bytes.size() - at);  // no bytes may have no address
  hash = (hash ^ rest) * 0xc4ceb9fe1a85ec53ull;
  return hash ^ hash >> 29;
}

}  // namespace

text::Name& analysed() {
  thread_local text::Name of_thread;
  return of_thread;
}

std::uint32_t Dictionary::number(BytesView key) {
  if ((keys_.size() + 1) * 2 > slots_.size()) grow();
  const std::uint64_t hash = hash_of(key);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    const std::uint32_t at = slots_[slot];
    if (at == 0) {
      keys_.push_back({hash, store_.size(), static_cast<std::uint32_t>(key.size())});
      store_.insert(store_.end(), key.begin(), key.end());
      slots_[slot] = size();
      return size() - 1;
    }
    const Key& known = keys_[at - 1];
    if (known.hash == hash && known.size == key.size() &&
        std::equal(key.begin(), key.end(), store_.begin() + static_cast<std::ptrdiff_t>(known.at)))
      return at - 1;
  }
}

void Dictionary::grow() {
  slots_.assign(std::max<std::size_t>(16, slots_.size() * 2), 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t i = 0; i < keys_.size(); ++i) {
    std::size_t slot = keys_[i].hash & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = i + 1;
  }
}

bool next_form(Cursor& key, KeyForm& form) {
  if (key.done()) return false;
  form.alphabet = static_cast<text::Alphabet>(key.byte());
  form.kind = static_cast<text::FormKind>(key.byte());
  form.unlikeliness = key.byte();
  const std::size_t size = key.byte();
  form.letters = text_of(key.bytes(size));
  return true;
}

bool is_indexed(const text::Token& token) { return token.role != text::Role::honorific; }

std::uint32_t Collector::word(std::span<const text::Form> forms) {
  sorted_.clear();
  for (const text::Form& form : forms)
    if (form.size > 0 && form.size <= 255) sorted_.push_back(&form);
  const text::Name& name = analysed();
  const auto letters = [&](const text::Form* form) { return name.letters(*form); };
  std::sort(sorted_.begin(), sorted_.end(), [&](const text::Form* a, const text::Form* b) {
    if (a->alphabet != b->alphabet) return a->alphabet < b->alphabet;
    if (a->size != b->size) return a->size < b->size;
    if (const int order = std::memcmp(letters(a).data(), letters(b).data(), a->size); order != 0) return order < 0;
    if (a->log_probability != b->log_probability) return a->log_probability > b->log_probability;
    return a->kind < b->kind;
  });
  key_.clear();
  const text::Form* last = nullptr;
  for (const text::Form* form : sorted_) {
    if (last != nullptr && last->alphabet == form->alphabet && letters(last) == letters(form)) continue;
    last = form;
    key_.push_back(static_cast<std::uint8_t>(form->alphabet));
    key_.push_back(static_cast<std::uint8_t>(form->kind));
    key_.push_back(unlikeliness_of(form->log_probability));
    key_.push_back(static_cast<std::uint8_t>(form->size));
    append(key_, letters(form));
  }
  return words_.number(key_);
}

void Collector::add_name(std::string_view text, NameKind kind) {
  text::Name& name = analysed();
  analyser_->analyse(text, text::Depth::index, name);
  const auto tokens = name.tokens();
  std::array<std::uint8_t, text::kTokensMax> kept{};  // token to its place among the indexed, counted from 1
  std::uint32_t size = 0;
  for (std::size_t i = 0; i < tokens.size() && i < kept.size(); ++i)
    if (is_indexed(tokens[i])) kept[i] = static_cast<std::uint8_t>(++size);
  const std::size_t head = bodies_.size();
  bodies_.push_back(0);
  bodies_.resize(bodies_.size() + (size + 7) / 8, 0);
  std::vector<text::Form> single;
  for (std::size_t i = 0; i < tokens.size() && i < kept.size(); ++i) {
    if (kept[i] == 0) continue;
    const std::uint32_t place = kept[i] - 1u;
    bodies_[head + 1 + place / 8] |= static_cast<std::uint32_t>(tokens[i].role) << (place % 8 * 4);
    const auto forms = name.forms_of(tokens[i]);
    const auto is_single = [](const text::Form& form) { return form.count == 1; };
    if (std::all_of(forms.begin(), forms.end(), is_single)) {
      bodies_.push_back(word(forms));
    } else {
      single.clear();
      std::copy_if(forms.begin(), forms.end(), std::back_inserter(single), is_single);
      bodies_.push_back(word(single));
    }
  }
  // Forms over several tokens: one more word for each span of indexed tokens that has any.
  std::uint32_t compounds = 0;
  for (std::size_t i = 0; i < tokens.size() && i < kept.size(); ++i) {
    const auto forms = name.forms_of(tokens[i]);
    for (unsigned count = 2; count <= 8 && i + count <= tokens.size() && i + count <= kept.size(); ++count) {
      single.clear();
      std::copy_if(forms.begin(), forms.end(), std::back_inserter(single),
                   [&](const text::Form& form) { return form.count == count; });
      if (single.empty() || compounds == text::kTokensMax) continue;
      // Titles inside the span are not counted.
      std::uint32_t first = 0, inside = 0;
      for (std::size_t j = i; j < i + count; ++j)
        if (kept[j] != 0 && inside++ == 0) first = kept[j] - 1u;
      if (inside == 0) continue;
      bodies_.push_back(first | inside << 8);
      bodies_.push_back(word(single));
      ++compounds;
    }
  }
  bodies_[head] = static_cast<std::uint32_t>(kind) | size << 8 | compounds << 16;
}

void Collector::add(const Record& record) {
  Row row{};
  row.text_at = texts_.size();
  put_text(texts_, record.id);
  row.body_at = bodies_.size();
  bodies_.push_back(static_cast<std::uint32_t>(record.names.size()));
  for (const WrittenName& name : record.names) {
    put_text(texts_, name.text);
    add_name(name.text, name.kind);
  }
  row.text_size = static_cast<std::uint32_t>(texts_.size() - row.text_at);
  row.audience = static_cast<std::uint16_t>(record.audience);
  if (!record.born.empty()) row.birth = Birth::of(record.born[0]);
  row.year = record.born.size() == 1 ? record.born[0].year : 0;
  row.birth.set(record.gender);
  if (!record.countries.empty()) row.country = country_number(record.countries[0]);
  row.extra_at = extras_.size();
  if (record.born.size() > 1 || record.countries.size() > 1 || !record.birth_places.empty()) {
    row.birth.set_extra();
    extras_.push_back(static_cast<std::uint8_t>(record.born.size()));
    for (const BirthDate& date : record.born) put(extras_, Birth::of(date).bits);
    extras_.push_back(static_cast<std::uint8_t>(record.countries.size()));
    for (const std::string& country : record.countries) put_varint(extras_, country_number(country));
    extras_.push_back(static_cast<std::uint8_t>(record.birth_places.size()));
    for (const std::string& place : record.birth_places) put_text(extras_, place);
  }
  row.extra_size = static_cast<std::uint32_t>(extras_.size() - row.extra_at);
  row.identifiers_at = static_cast<std::uint32_t>(identifiers_.size());
  for (const Identifier& identifier : record.identifiers)
    if (const std::string normal = normal_form(identifier); !normal.empty())
      identifiers_.push_back(key_of(identifier.type, normal));
  row.identifiers_size = static_cast<std::uint16_t>(identifiers_.size() - row.identifiers_at);
  records_.push_back(row);
}

void Collector::add(const Segment& from, const std::function<bool(RecordNumber)>& kept) {
  // A word's key is the list of its forms, and forms are stored in the order that keys have.
  std::vector<Bytes> keys(from.words());
  for (const Segment::Group& group : from.groups())
    for (FormNumber form = group.begin; form < group.end; ++form) {
      const std::string_view letters = from.letters(group, form);
      from.words_of(form, [&](const FormWord& of) {
        Bytes& key = keys[of.word];
        key.push_back(static_cast<std::uint8_t>(group.alphabet));
        key.push_back(static_cast<std::uint8_t>(of.kind));
        key.push_back(of.unlikeliness);
        key.push_back(static_cast<std::uint8_t>(letters.size()));
        append(key, letters);
      });
    }
  std::vector<std::uint32_t> numbers(from.words(), kNone);
  const auto number = [&](WordNumber word) {
    if (word >= numbers.size()) return words_.number({});
    if (numbers[word] == kNone) numbers[word] = words_.number(keys[word]);
    return numbers[word];
  };
  std::vector<std::vector<std::uint64_t>> identifiers(from.identifier_keys().empty() ? 0 : from.records());
  for (std::size_t i = 0; i < from.identifier_keys().size(); ++i)
    if (const RecordNumber record = from.identifier_records()[i]; record < identifiers.size())
      identifiers[record].push_back(from.identifier_keys()[i]);

  std::vector<std::uint16_t> years(from.records());
  for (const Segment::Range& range : from.years())
    std::fill(years.begin() + range.begin, years.begin() + range.end, static_cast<std::uint16_t>(range.year));
  IndexedName name;
  for (RecordNumber record = 0; record < from.records(); ++record) {
    if (!kept(record)) continue;
    Row row{};
    row.text_at = texts_.size();
    row.body_at = bodies_.size();
    put_text(texts_, from.id(record));
    const std::size_t head = bodies_.size();
    bodies_.push_back(0);
    std::uint32_t names = 0;
    for (NameReader reader(from.body(record)); reader.next(name); ++names) {
      put_text(texts_, from.name_text(record, names));
      bodies_.push_back(static_cast<std::uint32_t>(name.kind) | std::uint32_t{name.size} << 8 |
                        std::uint32_t{name.compounds_size} << 16);
      const std::size_t roles = bodies_.size();
      bodies_.resize(roles + (name.size + 7u) / 8, 0);
      for (unsigned i = 0; i < name.size; ++i)
        bodies_[roles + i / 8] |= static_cast<std::uint32_t>(name.roles[i]) << (i % 8 * 4);
      for (unsigned i = 0; i < name.size; ++i) bodies_.push_back(number(name.words[i]));
      for (unsigned i = 0; i < name.compounds_size; ++i) {
        const IndexedName::Compound& compound = name.compounds[i];
        bodies_.push_back(compound.first | std::uint32_t{compound.count} << 8);
        bodies_.push_back(number(compound.word));
      }
    }
    bodies_[head] = names;
    row.text_size = static_cast<std::uint32_t>(texts_.size() - row.text_at);
    row.birth = from.birth(record);
    row.year = years[record];
    row.country = from.country(record);
    row.audience = from.audience(record);
    row.extra_at = extras_.size();
    if (row.birth.extra()) {
      const Extra extra = from.extra(record);
      extras_.push_back(static_cast<std::uint8_t>(extra.born.size()));
      for (const BirthDate& date : extra.born) put(extras_, Birth::of(date).bits);
      extras_.push_back(static_cast<std::uint8_t>(extra.countries.size()));
      for (const std::uint16_t country : extra.countries) put_varint(extras_, country);
      extras_.push_back(static_cast<std::uint8_t>(extra.places.size()));
      for (const std::string_view place : extra.places) put_text(extras_, place);
    }
    row.extra_size = static_cast<std::uint32_t>(extras_.size() - row.extra_at);
    row.identifiers_at = static_cast<std::uint32_t>(identifiers_.size());
    if (!identifiers.empty())
      identifiers_.insert(identifiers_.end(), identifiers[record].begin(), identifiers[record].end());
    row.identifiers_size = static_cast<std::uint16_t>(identifiers_.size() - row.identifiers_at);
    records_.push_back(row);
  }
}

}  // namespace entraide::match
