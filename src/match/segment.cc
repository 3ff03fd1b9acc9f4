#include "match/segment.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "crypto/digest.h"
#include "match/letters.h"

namespace entraide::match {
namespace {

constexpr std::size_t kHashedFrom = 64;  // magic, format, engine and the hash itself come before
constexpr std::size_t kLibrariesBytes = 96;

Result<> damaged(std::string_view what) {
  return fail(Errc::invalid, "match.index.form", "index: " + std::string(what) + "; build it again");
}

template <class Number>
Number read_at(BytesView bytes, std::size_t at) {
  Number out;
  std::memcpy(&out, bytes.data() + at, sizeof out);
  return out;
}
template <class Number>
void write_at(Bytes& bytes, std::size_t at, Number value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

}  // namespace

std::uint16_t country_number(std::string_view two_letters) {
  const auto letter = [](char c) { return static_cast<unsigned>(c | 0x20) - 'a'; };
  if (two_letters.size() != 2 || letter(two_letters[0]) > 25 || letter(two_letters[1]) > 25) return 0;
  return static_cast<std::uint16_t>(1 + letter(two_letters[0]) * 26 + letter(two_letters[1]));
}
std::string country_letters(std::uint16_t number) {
  if (number == 0 || number > 26 * 26) return {};
  return {static_cast<char>('a' + (number - 1) / 26), static_cast<char>('a' + (number - 1) % 26)};
}

std::uint32_t hash_of_id(std::string_view id) {
  std::uint64_t hash = 14695981039346656037ull;
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return static_cast<std::uint32_t>(hash >> 32 ^ hash);
}

std::uint8_t unlikeliness_of(float log_probability) {
  const float steps = std::round(-log_probability * 16);
  return static_cast<std::uint8_t>(!(steps > 0) ? 0 : steps > 255 ? 255 : steps);
}

bool NameReader::next(IndexedName& name) {
  if (left_ == 0 || in_.done()) return false;
  --left_;
  const std::uint8_t head = in_.byte();
  name.kind = static_cast<NameKind>(std::min<unsigned>(head & 7, kNameKinds - 1));
  unsigned size = head >> 4;
  if (size == 15) size += in_.varint();
  name.size = static_cast<std::uint8_t>(std::min<unsigned>(size, text::kTokensMax));
  for (unsigned i = 0; i < size; i += 2) {
    const std::uint8_t pair = in_.byte();
    if (i < name.size) name.roles[i] = static_cast<text::Role>(std::min<unsigned>(pair & 15, 8));
    if (i + 1 < name.size) name.roles[i + 1] = static_cast<text::Role>(std::min<unsigned>(pair >> 4, 8));
    if (in_.done()) break;
  }
  for (unsigned i = 0; i < name.size; ++i) name.words[i] = in_.varint();
  name.compounds_size = 0;
  if ((head & 8) != 0) {
    for (std::uint32_t count = in_.varint(); count > 0 && !in_.done(); --count) {
      IndexedName::Compound compound;
      compound.first = in_.byte();
      compound.count = in_.byte();
      compound.word = in_.varint();
      if (name.compounds_size < name.compounds.size() && compound.count > 0 &&
          unsigned{compound.first} + compound.count <= name.size)
        name.compounds[name.compounds_size++] = compound;
    }
  }
  return true;
}

Versions Versions::of(const text::Analyser& analyser) {
  const text::Versions& of = analyser.versions();
  return {.rules = of.rules, .tables = of.tables, .libraries = "icu " + of.icu + " unicode " + of.unicode};
}

std::string Versions::text() const {
  constexpr char digits[] = "0123456789abcdef";
  std::string table;
  for (int shift = 60; shift >= 0; shift -= 4) table += digits[tables >> shift & 15];
  return "format " + std::to_string(format) + " engine " + std::to_string(engine) + " rules " +
         std::to_string(rules) + " tables " + table + " " + libraries;
}

Bytes Header::bytes() const {
  Bytes out(kHeaderBytes);
  std::memcpy(out.data(), kMagic.data(), kMagic.size());
  write_at(out, 16, versions.format);
  write_at(out, 20, versions.engine);
  std::memcpy(out.data() + 24, content.value.data(), 32);
  write_at(out, 64, versions.tables);
  write_at(out, 72, versions.rules);
  write_at(out, 76, records);
  write_at(out, 80, words);
  write_at(out, 84, forms);
  write_at(out, 88, names);
  ENSURE(versions.libraries.size() <= kLibrariesBytes);
  std::memcpy(out.data() + 96, versions.libraries.data(), versions.libraries.size());
  for (std::size_t i = 0; i < kSections; ++i) {
    write_at(out, 192 + 16 * i, sections[i].offset);
    write_at(out, 200 + 16 * i, sections[i].size);
  }
  return out;
}

Result<Header> Header::parse(BytesView file) {
  if (file.size() < kHeaderBytes || text_of(file.first(kMagic.size())) != kMagic)
    return std::unexpected(damaged("no index file, or one that is cut off").error());
  Header out;
  out.versions.format = read_at<std::uint32_t>(file, 16);
  out.versions.engine = read_at<std::uint32_t>(file, 20);
  std::memcpy(out.content.value.data(), file.data() + 24, 32);
  out.versions.tables = read_at<std::uint64_t>(file, 64);
  out.versions.rules = read_at<std::uint32_t>(file, 72);
  out.records = read_at<std::uint32_t>(file, 76);
  out.words = read_at<std::uint32_t>(file, 80);
  out.forms = read_at<std::uint32_t>(file, 84);
  out.names = read_at<std::uint32_t>(file, 88);
  const std::string_view libraries = text_of(file.subspan(96, kLibrariesBytes));
  out.versions.libraries = std::string(libraries.substr(0, libraries.find('\0')));
  for (std::size_t i = 0; i < kSections; ++i) {
    Place& place = out.sections[i];
    place.offset = read_at<std::uint64_t>(file, 192 + 16 * i);
    place.size = read_at<std::uint64_t>(file, 200 + 16 * i);
    if (place.offset % 8 != 0 || place.offset > file.size() || place.size > file.size() - place.offset)
      return std::unexpected(damaged("a section lies outside of the file").error());
  }
  return out;
}

Result<std::shared_ptr<const Segment>> Segment::map(const std::string& path, const Versions& expected) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status{};
  if (file < 0 || ::fstat(file, &status) != 0) {
    if (file >= 0) ::close(file);
    return fail(Errc::not_found, "file.read", path + ": cannot be read: " + std::generic_category().message(errno),
                path);
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* at = size == 0 ? MAP_FAILED : ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  std::shared_ptr<Segment> out(new Segment);
  if (at != MAP_FAILED) {
    out->mapped_ = at;
    // What a search reads lies all over the file. Where the file system can, it is read and mapped in pages of 2 MB.
    (void)::madvise(at, size, MADV_HUGEPAGE);
    out->file_ = {static_cast<const std::uint8_t*>(at), size};
  }
  out->header_ = TRY(Header::parse(out->file_));
  if (!(out->header_.versions == expected))
    return fail(
        Errc::conflict, "match.index.version",
        path + ": built with " + out->header_.versions.text() + "; this is " + expected.text() + "; build it again",
        path);
  TRY(out->lay_out());
  return out;
}

Result<std::shared_ptr<const Segment>> Segment::from_bytes(Bytes bytes, const Versions& expected) {
  std::shared_ptr<Segment> out(new Segment);
  out->owned_ = std::move(bytes);
  out->file_ = out->owned_;
  out->header_ = TRY(Header::parse(out->file_));
  if (!(out->header_.versions == expected))
    return fail(Errc::conflict, "match.index.version", "index: built with " + out->header_.versions.text());
  TRY(out->lay_out());
  return out;
}

std::uint64_t Segment::next_serial() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

Segment::~Segment() {
  if (mapped_ != nullptr) ::munmap(mapped_, file_.size());
}

BytesView Segment::section(Section which) const {
  const Header::Place& place = header_.sections[static_cast<std::size_t>(which)];
  return file_.subspan(place.offset, place.size);
}

template <class Number>
std::span<const Number> Segment::numbers(Section which) const {
  const BytesView bytes = section(which);
  // Sections begin at multiples of 8 bytes, of a mapping or of a vector's own memory.
  return {reinterpret_cast<const Number*>(bytes.data()), bytes.size() / sizeof(Number)};
}

Result<> Segment::lay_out() {
  const std::size_t count = records();
  births_ = numbers<std::uint32_t>(Section::births);
  countries_ = numbers<std::uint16_t>(Section::countries);
  audiences_ = numbers<std::uint16_t>(Section::audiences);
  body_offsets_ = numbers<std::uint32_t>(Section::body_offsets);
  bodies_ = section(Section::bodies);
  text_offsets_ = numbers<std::uint32_t>(Section::text_offsets);
  texts_ = section(Section::texts);
  ids_ = numbers<std::uint32_t>(Section::ids);
  extra_records_ = numbers<std::uint32_t>(Section::extra_records);
  extra_offsets_ = numbers<std::uint32_t>(Section::extra_offsets);
  extras_ = section(Section::extras);
  identifier_keys_ = numbers<std::uint64_t>(Section::identifier_keys);
  identifier_records_ = numbers<std::uint32_t>(Section::identifier_records);
  letters_ = section(Section::letters);
  shares_ = section(Section::shares);
  bags_ = numbers<std::uint64_t>(Section::bags);
  form_offsets_ = numbers<std::uint32_t>(Section::form_offsets);
  form_words_ = section(Section::form_words);
  word_shares_ = section(Section::word_shares);
  initials_ = section(Section::initials);
  posting_offsets_ = numbers<std::uint32_t>(Section::posting_offsets);
  postings_ = section(Section::postings);
  const auto steps = [&](std::size_t step) { return (count + step - 1) / step; };
  if (births_.size() != count || countries_.size() != count || ids_.size() != count ||
      (!audiences_.empty() && audiences_.size() != count) || body_offsets_.size() != steps(kBodyStep) ||
      text_offsets_.size() != steps(kTextStep) || extra_offsets_.size() != extra_records_.size() ||
      identifier_keys_.size() != identifier_records_.size() || shares_.size() != forms() ||
      form_offsets_.size() != std::size_t{forms()} + 1 || word_shares_.size() != words() ||
      initials_.size() != words() || posting_offsets_.size() != std::size_t{words()} + 1)
    return damaged("a section has another size than its header says");

  const auto years = numbers<std::uint32_t>(Section::years);
  for (std::size_t i = 0; i + 1 < years.size(); i += 2) {
    const std::uint32_t end = i + 3 < years.size() ? years[i + 3] : records();
    if (years[i] > 4095 || years[i + 1] > end || end > records()) return damaged("its years are out of order");
    years_.push_back({years[i], years[i + 1], end});
  }
  if (years_.empty() != (count == 0) || (count != 0 && years_.front().begin != 0))
    return damaged("its years have a gap");

  const auto groups = numbers<std::uint32_t>(Section::groups);
  if (groups.size() % 4 != 0 || groups.size() / 4 > 6 * 255) return damaged("its groups of forms are no groups");
  bool has_latin = false;
  for (std::size_t i = 0; i < groups.size(); i += 4) {
    Group group;
    group.alphabet = static_cast<text::Alphabet>(groups[i] & 0xff);
    group.size = groups[i + 1];
    group.begin = groups[i + 2];
    group.at = groups[i + 3];
    group.end = i + 6 < groups.size() ? groups[i + 6] : forms();
    if (groups[i] > 5 || group.size == 0 || group.size > 255 || group.begin > group.end || group.end > forms() ||
        group.at > letters_.size() ||
        std::uint64_t{group.end - group.begin} * group.size > letters_.size() - group.at)
      return damaged("its groups of forms are no groups");
    if (group.alphabet == text::Alphabet::latin) {
      if (!has_latin) latin_begin_ = group.begin;
      has_latin = true;
      if (group.end < latin_begin_ || group.end - latin_begin_ > bags_.size())
        return damaged("its letter bags are too few");
    }
    groups_.push_back(group);
    group_of_[groups[i]][group.size] = static_cast<std::uint16_t>(groups_.size());
  }
  make_form_table();
  spell_words();
  half_bags_.resize(bags_.size());
  std::transform(bags_.begin(), bags_.end(), half_bags_.begin(), half_of_bag);
  return {};
}

/// Which word has which forms is stored by form: what is needed here is found once.
void Segment::spell_words() {
  spellings_.assign(words(), {});
  for (const Group& group : groups_) {
    if (group.alphabet != text::Alphabet::latin) continue;
    for (FormNumber form = group.begin; form < group.end; ++form)
      words_of(form, [&](const FormWord& of) {
        Spelling& known = spellings_[of.word];
        const bool written = of.kind == text::FormKind::exact;
        if (!written && (of.kind != text::FormKind::romanised || of.unlikeliness >= known.unlikeliness)) return;
        known = {group.at + (form - group.begin) * group.size, static_cast<std::uint8_t>(group.size),
                 written ? std::uint8_t{0} : of.unlikeliness};
      });
  }
}

void Segment::make_form_table() {
  const std::size_t slots = std::bit_ceil(std::size_t{forms()} + forms() / 3 + 2);
  form_table_.assign(slots, 0);
  form_shift_ = static_cast<unsigned>(64 - std::countr_zero(slots));
  latin_filter_.fit(bags_.size());
  for (const Group& group : groups_)
    for (FormNumber form = group.begin; form < group.end; ++form) {
      const std::uint64_t hash = FormFilter::hash(letters(group, form));
      if (group.alphabet == text::Alphabet::latin) latin_filter_.add(hash);
      std::size_t slot = form_slot(group.alphabet, hash);
      while (form_table_[slot] != 0) slot = (slot + 1) & (slots - 1);
      form_table_[slot] = form + 1;
    }
}

const Segment::Group* Segment::group(text::Alphabet alphabet, std::size_t size) const {
  if (size == 0 || size > 255) return nullptr;
  const std::uint16_t at = group_of_[static_cast<std::size_t>(alphabet)][size];
  return at == 0 ? nullptr : &groups_[at - 1u];
}

std::span<const std::uint64_t> Segment::bags(const Group& group) const {
  return bags_.subspan(group.begin - latin_begin_, group.end - group.begin);
}

std::span<const std::uint32_t> Segment::half_bags(const Group& group) const {
  return std::span(half_bags_).subspan(group.begin - latin_begin_, group.end - group.begin);
}

std::optional<FormNumber> Segment::find_form(text::Alphabet alphabet, std::string_view wanted) const {
  const Group* const in = group(alphabet, wanted.size());
  if (in == nullptr) return std::nullopt;
  const std::uint64_t hash = FormFilter::hash(wanted);
  if (alphabet == text::Alphabet::latin && !latin_filter_.may_have(hash)) return std::nullopt;
  for (std::size_t slot = form_slot(alphabet, hash); form_table_[slot] != 0;
       slot = (slot + 1) & (form_table_.size() - 1)) {
    const FormNumber form = form_table_[slot] - 1;
    if (form >= in->begin && form < in->end && letters(*in, form) == wanted) return form;
  }
  return std::nullopt;
}

BytesView Segment::body(RecordNumber record) const {
  Cursor in = between(bodies_, body_offsets_[record / kBodyStep], static_cast<std::uint32_t>(bodies_.size()));
  for (std::size_t i = record % kBodyStep; i > 0; --i) in.skip(in.varint());
  const std::uint32_t size = in.varint();
  return in.bytes(size);
}

void Segment::prefetch_body(RecordNumber record) const {
  __builtin_prefetch(&births_[record]);
  const std::uint32_t at = body_offsets_[record / kBodyStep];
  if (at < bodies_.size()) __builtin_prefetch(bodies_.data() + at);
}

Cursor Segment::text_at(RecordNumber record) const {
  Cursor in = between(texts_, text_offsets_[record / kTextStep], static_cast<std::uint32_t>(texts_.size()));
  for (std::size_t i = record % kTextStep; i > 0; --i) in.skip(in.varint());
  const std::uint32_t size = in.varint();
  return Cursor(in.bytes(size));
}

std::string_view Segment::id(RecordNumber record) const {
  Cursor in = text_at(record);
  return in.text();
}

std::string_view Segment::name_text(RecordNumber record, std::size_t name) const {
  Cursor in = text_at(record);
  in.text();
  for (; name > 0 && !in.done(); --name) in.text();
  return in.text();
}

Extra Segment::extra(RecordNumber record) const {
  Extra out;
  const auto found = std::lower_bound(extra_records_.begin(), extra_records_.end(), record);
  if (found == extra_records_.end() || *found != record) return out;
  Cursor in = between(extras_, extra_offsets_[static_cast<std::size_t>(found - extra_records_.begin())],
                      static_cast<std::uint32_t>(extras_.size()));
  for (std::size_t count = in.byte(); count > 0 && !in.done(); --count) out.born.push_back(Birth{in.u32()}.date());
  for (std::size_t count = in.byte(); count > 0 && !in.done(); --count)
    out.countries.push_back(static_cast<std::uint16_t>(in.varint()));
  for (std::size_t count = in.byte(); count > 0 && !in.done(); --count) out.places.push_back(in.text());
  return out;
}

std::optional<RecordNumber> Segment::find(std::string_view wanted) const {
  const std::uint32_t hash = hash_of_id(wanted);
  const auto hash_at = [&](std::uint32_t number) { return number < records() ? hash_of_id(id(number)) : 0; };
  auto at = std::lower_bound(ids_.begin(), ids_.end(), hash,
                             [&](std::uint32_t number, std::uint32_t value) { return hash_at(number) < value; });
  for (; at != ids_.end() && hash_at(*at) == hash; ++at)
    if (*at < records() && id(*at) == wanted) return *at;
  return std::nullopt;
}

Result<Digest> verify_index(const std::string& path) {
  // Any version may be verified: the hash does not depend on what the sections mean.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return fail(Errc::not_found, "file.read", path + ": cannot be read", path);
  crypto::Sha256 hash;
  Bytes head, buffer(1 << 20);
  std::size_t at = 0;
  for (ssize_t got; (got = ::read(file, buffer.data(), buffer.size())) > 0;) {
    const BytesView piece(buffer.data(), static_cast<std::size_t>(got));
    if (head.size() < kHeaderBytes)
      head.insert(
          head.end(), piece.begin(),
          piece.begin() + std::min<std::ptrdiff_t>(got, static_cast<std::ptrdiff_t>(kHeaderBytes - head.size())));
    if (at >= kHashedFrom) hash.update(piece);
    else if (at + piece.size() > kHashedFrom) hash.update(piece.subspan(kHashedFrom - at));
    at += piece.size();
  }
  ::close(file);
  if (head.size() < kHeaderBytes || text_of(BytesView(head).first(kMagic.size())) != kMagic)
    return std::unexpected(damaged("no index file, or one that is cut off").error());
  const Digest made = hash.finish();
  if (std::memcmp(made.value.data(), head.data() + 24, 32) != 0)
    return fail(Errc::not_authentic, "match.index.hash",
                path + ": its content is not what its header says; build it again", path);
  return made;
}

}  // namespace entraide::match
