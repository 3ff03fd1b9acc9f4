#include "match/letters.h"

#include <algorithm>
#include <cmath>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace entraide::match {
namespace {

constexpr std::string_view kCommon = "aeiourshnlm";

/// Where `few(bags[i] ^ bag)`: the positions of bags that differ in at most `most` bits, appended to `out`.
void scan_plainly(std::span<const std::uint32_t> bags, std::uint32_t bag, unsigned most,
                  std::vector<std::uint32_t>& out) {
  for (std::size_t i = 0; i < bags.size(); ++i)
    if (static_cast<unsigned>(std::popcount(bags[i] ^ bag)) <= most) out.push_back(static_cast<std::uint32_t>(i));
}

#if defined(__x86_64__)
__attribute__((target("popcnt"))) void scan_with_popcnt(std::span<const std::uint32_t> bags, std::uint32_t bag,
                                                        unsigned most, std::vector<std::uint32_t>& out) {
  for (std::size_t i = 0; i < bags.size(); ++i)
    if (static_cast<unsigned>(__builtin_popcount(bags[i] ^ bag)) <= most)
      out.push_back(static_cast<std::uint32_t>(i));
}

__attribute__((target("avx512f,avx512vpopcntdq"))) void scan_with_avx512(std::span<const std::uint32_t> bags,
                                                                         std::uint32_t bag, unsigned most,
                                                                         std::vector<std::uint32_t>& out) {
  const __m512i wanted = _mm512_set1_epi32(static_cast<int>(bag));
  const __m512i limit = _mm512_set1_epi32(static_cast<int>(most));
  for (std::size_t i = 0; i < bags.size(); i += 16) {
    const std::size_t left = bags.size() - i;
    const __mmask16 lanes = static_cast<__mmask16>(left >= 16 ? 0xffff : (1u << left) - 1);
    const __m512i some = _mm512_maskz_loadu_epi32(lanes, bags.data() + i);
    const __m512i bits = _mm512_popcnt_epi32(_mm512_xor_si512(some, wanted));
    unsigned hits = _mm512_mask_cmple_epu32_mask(lanes, bits, limit);
    for (; hits != 0; hits &= hits - 1)
      out.push_back(static_cast<std::uint32_t>(i) + static_cast<unsigned>(__builtin_ctz(hits)));
  }
}
#endif

using Scan = void (*)(std::span<const std::uint32_t>, std::uint32_t, unsigned, std::vector<std::uint32_t>&);

Scan fastest_scan() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq")) return scan_with_avx512;
  if (__builtin_cpu_supports("popcnt")) return scan_with_popcnt;
#endif
  return scan_plainly;
}

}  // namespace

std::uint64_t letter_bag(std::string_view letters) {
  std::uint64_t bag = 0;
  for (const char c : letters) {
    if (c < 'a' || c > 'z') {
      bag |= std::uint64_t{1} << 52;
      continue;
    }
    const unsigned first = static_cast<unsigned>(c - 'a') * 2;
    if ((bag >> first & 1) == 0) bag |= std::uint64_t{1} << first;
    else if ((bag >> (first + 1) & 1) == 0) bag |= std::uint64_t{1} << (first + 1);
    else if (const auto common = kCommon.find(c); common != kCommon.npos) bag |= std::uint64_t{1} << (53 + common);
  }
  return bag;
}

std::uint32_t half_of_bag(std::uint64_t bag) {
  // First letters are every other bit from the lowest: they are moved together by halves.
  std::uint64_t first = bag & 0x5'5555'5555'5555;
  first = (first | first >> 1) & 0x3333'3333'3333'3333;
  first = (first | first >> 2) & 0x0f0f'0f0f'0f0f'0f0f;
  first = (first | first >> 4) & 0x00ff'00ff'00ff'00ff;
  first = (first | first >> 8) & 0x0000'ffff'0000'ffff;
  first = (first | first >> 16) & 0xffff'ffff;
  auto out = static_cast<std::uint32_t>(first);
  constexpr std::string_view kDoubled = "aeinrl";
  for (unsigned i = 0; i < kDoubled.size(); ++i)
    out |= static_cast<std::uint32_t>(bag >> (static_cast<unsigned>(kDoubled[i] - 'a') * 2 + 1) & 1) << (26 + i);
  return out;
}

std::uint8_t share_of(std::uint64_t count) {
  std::uint8_t share = kLeastShare;
  while (share < 160 && count > count_of(share)) ++share;
  return share;
}

std::uint64_t count_of(std::uint8_t share) {
  static const auto counts = [] {
    std::array<std::uint64_t, 161> out{};
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = static_cast<std::uint64_t>(std::llround(std::exp2(static_cast<double>(i) / 4)));
    return out;
  }();
  return counts[std::min<std::size_t>(share, counts.size() - 1)];
}

EditPattern::EditPattern(std::string_view letters)
    : size_(static_cast<unsigned>(std::min<std::size_t>(letters.size(), 64))) {
  for (unsigned i = 0; i < size_; ++i) places_[static_cast<unsigned char>(letters[i])] |= std::uint64_t{1} << i;
}

unsigned EditPattern::distance(std::string_view other, unsigned most) const {
  if (size_ == 0) return static_cast<unsigned>(other.size());
  return alignment_distance(size_, other, most,
                            [&](char letter) { return places_[static_cast<unsigned char>(letter)]; });
}

namespace {

/// Every spelling one edit away is tried: the filter knows most of them not to be there.
void find_one_edit_away(const Segment& segment, std::string_view letters, std::vector<Neighbour>& out) {
  const FormFilter& filter = segment.latin_filter();
  const std::size_t size = letters.size();
  std::array<std::uint64_t, 67> power, before, after;  // of the base; hashes of the letters before and from a place
  power[0] = 1;
  for (std::size_t i = 1; i <= size + 1; ++i) power[i] = power[i - 1] * FormFilter::kBase;
  const auto letter = [&](std::size_t at) { return std::uint64_t{static_cast<unsigned char>(letters[at])}; };
  before[0] = after[size] = 0;
  for (std::size_t i = 0; i < size; ++i) before[i + 1] = before[i] * FormFilter::kBase + letter(i);
  for (std::size_t i = size; i-- > 0;) after[i] = letter(i) * power[size - 1 - i] + after[i + 1];
  std::string other;
  const auto look_at = [&](std::size_t at, std::string_view instead, std::size_t left_out) {
    other.assign(letters.substr(0, at)).append(instead).append(letters.substr(at + left_out));
    if (other == letters) return;
    if (const auto form = segment.find_form(text::Alphabet::latin, other)) out.push_back({*form, 1});
  };
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t left = size - i - 1;
    if (filter.may_have(before[i] * power[left] + after[i + 1])) look_at(i, "", 1);
    if (left > 0 && letter(i) != letter(i + 1)) {
      const char swapped[] = {letters[i + 1], letters[i]};
      if (filter.may_have((before[i] * power[2] + letter(i + 1) * power[1] + letter(i)) * power[left - 1] +
                          after[i + 2]))
        look_at(i, {swapped, 2}, 2);
    }
  }
  for (std::size_t i = 0; i <= size; ++i) {
    const std::size_t left = size - i;
    const std::uint64_t inserted = before[i] * power[left + 1] + after[i];
    const std::uint64_t replaced = i < size ? before[i] * power[left] + after[i + 1] : 0;
    for (char c = 'a'; c <= 'z'; ++c) {
      const std::uint64_t value = static_cast<unsigned char>(c);
      if (filter.may_have(inserted + value * power[left])) look_at(i, {&c, 1}, 0);
      if (i < size && filter.may_have(replaced + value * power[left - 1])) look_at(i, {&c, 1}, 1);
    }
  }
  std::sort(out.begin(), out.end(), [](const Neighbour& a, const Neighbour& b) { return a.form < b.form; });
  out.erase(
      std::unique(out.begin(), out.end(), [](const Neighbour& a, const Neighbour& b) { return a.form == b.form; }),
      out.end());
}

}  // namespace

namespace {

/// Whether one is the other with two letters in each other's place and a letter put between them: two slips, which the
/// alignment counts as three.
bool swapped_around(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() != a.size() + 1) return false;
  std::size_t at = 0;
  while (at < a.size() && a[at] == b[at]) ++at;
  return at + 2 <= a.size() && b[at] == a[at + 1] && b[at + 2] == a[at] && a.substr(at + 2) == b.substr(at + 3);
}

/// Words of one segment, their letters compared with all others of about their length.
void find_by_bags(const Segment& segment, std::string_view letters, unsigned most, std::vector<Neighbour>& out) {
  static const Scan scan = fastest_scan();
  thread_local std::vector<std::uint32_t> found;
  const std::uint64_t bag = letter_bag(letters);
  const EditPattern pattern(letters);
  const std::size_t least_size = letters.size() > most ? letters.size() - most : 1;
  for (std::size_t size = least_size; size <= letters.size() + most && size <= 64; ++size) {
    const Segment::Group* const group = segment.group(text::Alphabet::latin, size);
    if (group == nullptr) continue;
    found.clear();
    // A letter more or less changes one bit, and so many edits are spent on the size.
    const auto apart = static_cast<unsigned>(std::max(size, letters.size()) - std::min(size, letters.size()));
    const unsigned bits = 2 * most - apart;
    scan(segment.half_bags(*group), half_of_bag(bag), bits, found);
    const std::span<const std::uint64_t> bags = segment.bags(*group);
    for (const std::uint32_t at : found) {
      if (static_cast<unsigned>(std::popcount(bags[at] ^ bag)) > bits) continue;
      const std::string_view other = segment.letters(*group, group->begin + at);
      unsigned edits = pattern.distance(other, most);
      if (edits > most && most == 2 && swapped_around(letters, other)) edits = 2;
      if (edits > most || edits == 0) continue;
      out.push_back({group->begin + at, static_cast<std::uint8_t>(edits)});
    }
  }
  if (out.size() > kNeighboursMax) {
    std::nth_element(out.begin(), out.begin() + kNeighboursMax, out.end(),
                     [](const Neighbour& a, const Neighbour& b) {
                       return a.edits != b.edits ? a.edits < b.edits : a.form < b.form;
                     });
    out.resize(kNeighboursMax);
  }
}

/// What a thread has found of late, by word: a new one takes the place of another.
class RememberedNeighbours {
 public:
  const std::vector<Neighbour>& of(const Segment& segment, std::string_view letters, unsigned most) {
    const std::uint64_t hash = (FormFilter::hash(letters) ^ segment.serial()) * 0x9e3779b97f4a7c15ull + most;
    Place& place = places_[hash % kPlaces];
    if (place.segment == segment.serial() && place.most == most && place.letters == letters) return place.found;
    place.segment = segment.serial();
    place.most = most;
    place.letters = letters;
    place.found.clear();
    if (place.found.capacity() > kKept) place.found.shrink_to_fit();
    find_by_bags(segment, letters, most, place.found);
    return place.found;
  }

 private:
  static constexpr std::size_t kPlaces = 256, kKept = 512;
  struct Place {
    std::uint64_t segment = 0;
    unsigned most = 0;
    std::string letters;
    std::vector<Neighbour> found;
  };
  std::vector<Place> places_ = std::vector<Place>(kPlaces);
};

}  // namespace

void find_neighbours(const Segment& segment, std::string_view letters, unsigned most, std::vector<Neighbour>& out) {
  thread_local RememberedNeighbours remembered;
  out.clear();
  if (letters.empty() || letters.size() > 64 || most == 0) return;
  if (most == 1) return find_one_edit_away(segment, letters, out);
  out = remembered.of(segment, letters, most);
}

}  // namespace entraide::match
