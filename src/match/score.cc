#include "match/score.h"

#include <algorithm>

#include "match/collector.h"
#include "match/identifiers.h"
#include "match/model.h"

namespace entraide::match {

Person prepare(const text::Analyser& analyser, const Record& record) {
  Person out;
  for (std::size_t i = 0; i < record.names.size() && i < kNamesMax; ++i) {
    const WrittenName& name = record.names[i];
    const bool parent = name.kind == NameKind::father || name.kind == NameKind::mother;
    QueryName made = query_name(analyser, name, static_cast<std::uint8_t>(i));
    if (!made.tokens.empty()) (parent ? out.parents : out.names).push_back(std::move(made));
  }
  out.born = record.born;
  out.gender = record.gender;
  for (const std::string& country : record.countries)
    if (const std::uint16_t number = country_number(country); number != 0) out.countries.push_back(number);
  for (const std::string& place : record.birth_places)
    if (auto words = place_words(analyser, place); !words.empty()) out.places.push_back(std::move(words));
  for (const Identifier& identifier : record.identifiers) {
    const std::string normal = normal_form(identifier);
    if (normal.empty()) continue;
    out.marks.push_back({identifier.type, key_of(identifier.type, normal), false});
    for (const std::string& form : near_forms(identifier.type, normal))
      out.marks.push_back({identifier.type, key_of(identifier.type, form), true});
  }
  return out;
}

Scorer::Scorer(const text::Analyser& analyser, const Person& person, const Segment& segment, const Segment& common,
               const Statistics& statistics, Weight prior, Effort effort, double expected)
    : analyser_(analyser), person_(person), segment_(segment), prior_(prior), expected_(expected) {
  names_.reserve(person.names.size());
  // A cut is a guess already: its words are not sought with more edits as well.
  for (const QueryName& name : person.names)
    names_.emplace_back(name, segment, common, statistics, name.cut != 0 ? Effort::near : effort);
  if (!person.born.empty())
    for (EvidenceTable& table : names_) table.expect_date();
  if (effort == Effort::wide) look_closely();
  for (const QueryName& name : person.parents) parents_.emplace_back(name, segment, common, statistics, Effort::near);
  Weight identifiers_bound = 0;
  for (const Person::Mark& mark : person.marks)
    segment.identified_by(mark.key, [&](RecordNumber record) { identified_.emplace_back(record, mark); });
  std::sort(identified_.begin(), identified_.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second.key < b.second.key;
  });
  // Records with an identifier in common are always scored: the bound is for the others.
  slow_facts_bound_ = (person.places.empty() ? 0 : model::kPlaceSame) + identifiers_bound +
                      static_cast<Weight>(person.parents.size()) * model::kParentMost;
  facts_bound_ = slow_facts_bound_ + (person.gender == Gender::unknown ? 0 : model::kGenderSame) +
                 (person.countries.empty() ? 0 : model::kCountrySame);
}

Scorer::Scorer(const Scorer& near, const Person& person, const Segment& common, const Statistics& statistics)
    : analyser_(near.analyser_),
      person_(person),
      segment_(near.segment_),
      prior_(near.prior_),
      expected_(near.expected_),
      identified_(near.identified_),
      facts_bound_(near.facts_bound_),
      slow_facts_bound_(near.slow_facts_bound_) {
  names_.reserve(person.names.size());
  for (std::size_t i = 0; i < person.names.size(); ++i) {
    if (i < near.names_.size()) {
      names_.emplace_back(near.names_[i], person.names[i]);
    } else {
      names_.emplace_back(person.names[i], segment_, common, statistics, Effort::near);
      if (!person.born.empty()) names_.back().expect_date();
    }
  }
  for (const QueryName& name : person.parents)
    parents_.emplace_back(name, segment_, common, statistics, Effort::near);
}

Weight Scorer::quick_facts(RecordNumber record) const {
  const Birth birth = segment_.birth(record);
  Weight out = 0;
  if (person_.gender != Gender::unknown && birth.gender() != Gender::unknown)
    out += person_.gender == birth.gender() ? model::kGenderSame : model::kGenderOther;
  if (birth.extra()) {
    if (!person_.born.empty()) out += std::max<Weight>(0, date_bound(person_.born, 0));
    if (!person_.countries.empty()) out += model::kCountrySame;
    return out;
  }
  if (const BirthDate date = birth.date(); date.year != 0 && !person_.born.empty())
    if (const auto found = compare_dates(person_.born, {&date, 1})) out += found->weight;
  if (person_.countries.empty()) return out;
  const std::uint16_t country = segment_.country(record);
  if (const auto found = compare_countries(person_.countries, {&country, 1})) out += found->weight;
  return out;
}

std::optional<Weight> Scorer::score(RecordNumber record) const { return evaluate(record, nullptr); }

Trace Scorer::trace(RecordNumber record) const {
  Trace out;
  out.prior = prior_;
  const auto score = evaluate(record, &out);
  ENSURE(score.has_value());
  out.score = *score;
  out.posterior = posterior_of(out.score, prior_, expected_);
  return out;
}

std::optional<Weight> Scorer::evaluate(RecordNumber record, Trace* trace) const {
  // Names: the best pair of one of ours and one of the record's.
  NameScore best;
  const EvidenceTable* best_table = nullptr;
  std::uint8_t best_name = 0, number = 0;
  bool met = false;
  IndexedName name;
  for (NameReader names(segment_.body(record)); names.next(name); ++number) {
    if (name.kind == NameKind::father || name.kind == NameKind::mother || name.size == 0) continue;
    for (const EvidenceTable& table : names_) {
      const NameScore score = score_name(table, segment_, name);
      met = met || !score.empty();
      if (best_table != nullptr && score.weight <= best.weight) continue;
      best = score;
      best_table = &table;
      best_name = number;
    }
  }
  const auto identified = std::lower_bound(identified_.begin(), identified_.end(), record,
                                           [](const auto& a, RecordNumber b) { return a.first < b; });
  // A slip that met may be no more than another word that is alike once that is read: what was found has reasons all the same.
  if (!met && trace == nullptr && (identified == identified_.end() || identified->first != record))
    return std::nullopt;

  Weight sum = prior_;
  if (best_table != nullptr) {
    sum += best.weight;
    if (trace != nullptr) {
      trace->query_name = best_table->name().source;
      trace->record_name = best_name;
      trace->query_text = best_table->name().text;
      trace->record_text = std::string(segment_.name_text(record, best_name));
      describe(best, *best_table, trace->record_text, *trace);
    }
  }
  const auto note = [&](Evidence evidence) {
    sum += evidence.weight;
    if (trace != nullptr) trace->evidence.push_back(std::move(evidence));
  };

  const Birth birth = segment_.birth(record);
  const Extra extra = birth.extra() ? segment_.extra(record) : Extra{};
  const BirthDate date = birth.date();
  const std::span<const BirthDate> dates =
      birth.extra() ? std::span<const BirthDate>(extra.born) : std::span(&date, date.year != 0 ? 1 : 0);
  if (const auto found = compare_dates(person_.born, dates))
    note({.kind = EvidenceKind::birth_date,
          .weight = found->weight,
          .level = found->level,
          .detail = trace == nullptr ? std::string() : found->query.text() + " / " + found->record.text()});
  if (person_.gender != Gender::unknown && birth.gender() != Gender::unknown)
    note({.kind = EvidenceKind::gender,
          .weight = person_.gender == birth.gender() ? model::kGenderSame : model::kGenderOther,
          .detail = trace == nullptr ? std::string() : std::string(word_for(birth.gender()))});
  const std::uint16_t country = segment_.country(record);
  const std::span<const std::uint16_t> countries =
      birth.extra() ? std::span<const std::uint16_t>(extra.countries) : std::span(&country, 1);
  if (const auto found = compare_countries(person_.countries, countries))
    note({.kind = EvidenceKind::country,
          .weight = found->weight,
          .detail = trace == nullptr ? std::string()
                                     : country_letters(found->query) + " / " + country_letters(found->record)});
  if (!person_.places.empty() && !extra.places.empty()) {
    std::vector<std::vector<std::string>> places;
    for (const std::string_view place : extra.places) places.push_back(place_words(analyser_, place));
    if (auto found = compare_places(person_.places, places))
      note({.kind = EvidenceKind::birth_place, .weight = found->weight, .detail = std::move(found->shared)});
  }
  sum += parents(record, trace);
  sum += identifiers(record, trace);
  return sum;
}

Weight Scorer::identifiers(RecordNumber record, Trace* trace) const {
  auto at = std::lower_bound(identified_.begin(), identified_.end(), record,
                             [](const auto& a, RecordNumber b) { return a.first < b; });
  // The best of each type: a document known under two spellings is one document.
  std::array<Weight, kIdentifierTypes> best{};
  std::array<bool, kIdentifierTypes> near{};
  for (; at != identified_.end() && at->first == record; ++at) {
    const auto type = static_cast<std::size_t>(at->second.type);
    const Weight weight = at->second.near ? model::kIdentifierNear[type] : model::kIdentifier[type];
    if (weight <= best[type]) continue;
    best[type] = weight;
    near[type] = at->second.near;
  }
  Weight sum = 0;
  for (std::size_t type = 0; type < best.size(); ++type) {
    if (best[type] == 0) continue;
    sum += best[type];
    if (trace != nullptr)
      trace->evidence.push_back({.kind = EvidenceKind::identifier,
                                 .weight = best[type],
                                 .edits = static_cast<std::uint8_t>(near[type] ? 1 : 0),
                                 .detail = std::string(word_for(static_cast<IdentifierType>(type)))});
  }
  return sum;
}

Weight Scorer::parents(RecordNumber record, Trace* trace) const {
  if (parents_.empty()) return 0;
  Weight sum = 0;
  for (const NameKind kind : {NameKind::father, NameKind::mother}) {
    std::optional<Weight> best;
    std::string with;
    IndexedName name;
    std::size_t number = 0;
    for (NameReader names(segment_.body(record)); names.next(name); ++number) {
      if (name.kind != kind || name.size == 0) continue;
      for (const EvidenceTable& table : parents_) {
        if (table.name().kind != kind) continue;
        const Weight weight =
            std::clamp(score_name(table, segment_, name).weight, model::kParentLeast, model::kParentMost);
        if (best && weight <= *best) continue;
        best = weight;
        if (trace != nullptr) with = std::string(segment_.name_text(record, number));
      }
    }
    if (!best) continue;
    sum += *best;
    if (trace != nullptr)
      trace->evidence.push_back({.kind = kind == NameKind::father ? EvidenceKind::father : EvidenceKind::mother,
                                 .weight = *best,
                                 .detail = std::move(with)});
  }
  return sum;
}

void Scorer::describe(const NameScore& best, const EvidenceTable& table, std::string_view record_text,
                      Trace& trace) const {
  // Where the record's words stand is not kept: its text is analysed once more.
  thread_local text::Name analysed;
  analyser_.analyse(record_text, text::Depth::tokens, analysed);
  std::vector<text::Span> spans;
  std::vector<bool> missed, extra;
  for (const text::Token& token : analysed.tokens())
    if (is_indexed(token)) {
      spans.push_back(token.span);
      extra.push_back(counts(token.role));
    }
  const std::vector<QueryToken>& tokens = table.name().tokens;
  for (const QueryToken& token : tokens) missed.push_back(token.counts);
  const auto reach = [](auto&& at, std::size_t first, std::size_t count, std::size_t size) {
    if (first >= size) return text::Span{};
    return text::Span{at(first).begin, at(std::min(first + count, size) - 1).end};
  };
  const auto ours = [&](std::size_t i) { return tokens[i].span; };
  const auto theirs = [&](std::size_t i) { return spans[i]; };
  for (unsigned i = 0; i < best.meetings_size; ++i) {
    const Meeting& meeting = best.meetings[i];
    Evidence evidence{.kind = meeting.kind,
                      .weight = meeting.weight,
                      .query = reach(ours, meeting.first, meeting.count, tokens.size()),
                      .record = reach(theirs, meeting.record_first, meeting.record_count, spans.size())};
    if (meeting.term != nullptr) {
      evidence.rank = meeting.term->rank;
      evidence.of = meeting.term->of;
      evidence.edits = meeting.term->edits;
      evidence.shared_by =
          static_cast<std::uint32_t>(std::min<std::uint64_t>(count_of(meeting.term->share), 0xffff'ffff));
      if (meeting.term->form < table.name().forms.size())
        evidence.detail = table.name().forms[meeting.term->form].letters;
    }
    trace.evidence.push_back(std::move(evidence));
    for (std::size_t j = meeting.first; j < std::size_t{meeting.first} + meeting.count && j < missed.size(); ++j)
      missed[j] = false;
    for (std::size_t j = meeting.record_first;
         j < std::size_t{meeting.record_first} + meeting.record_count && j < extra.size(); ++j)
      extra[j] = false;
  }
  std::size_t our_next = 0, their_next = 0;
  const auto next = [](std::vector<bool>& of, std::size_t& at) {
    while (at < of.size() && !of[at]) ++at;
    return at < of.size() ? at++ : of.size();
  };
  const auto contradict = [&](std::size_t our, std::size_t their, Weight likeness) {
    trace.evidence.push_back({.kind = EvidenceKind::contradiction,
                              .weight = worth_of_another(best.contradiction, likeness, tokens[our]),
                              .query = reach(ours, our, 1, tokens.size()),
                              .record = reach(theirs, their, 1, spans.size()),
                              .detail = likeness >= model::kLikeSaid ? "alike" : ""});
  };
  for (unsigned i = 0; i < best.alike_size; ++i) {
    const NameScore::Alike& alike = best.alike[i];
    contradict(alike.token, alike.word, alike.likeness);
    missed[alike.token] = false;
    if (alike.word < extra.size()) extra[alike.word] = false;
  }
  for (unsigned i = best.alike_size; i < best.contradictions; ++i) {
    const std::size_t our = next(missed, our_next);
    contradict(our, next(extra, their_next), best.joined);
  }
  for (unsigned i = 0; i < best.missing; ++i)
    trace.evidence.push_back({.kind = EvidenceKind::missing,
                              .weight = model::kMissing,
                              .query = reach(ours, next(missed, our_next), 1, tokens.size())});
  for (unsigned i = 0; i < best.extra; ++i)
    trace.evidence.push_back({.kind = EvidenceKind::extra,
                              .weight = model::extra_words(i + 1, best.contradictions > 0) -
                                        model::extra_words(i, best.contradictions > 0),
                              .record = reach(theirs, next(extra, their_next), 1, spans.size())});
  if (best.out_of_order) trace.evidence.push_back({.kind = EvidenceKind::order, .weight = model::kOrder});
  if (best.kind_weight != 0) trace.evidence.push_back({.kind = EvidenceKind::name_kind, .weight = best.kind_weight});
  if (table.name().penalty != 0)
    trace.evidence.push_back({.kind = EvidenceKind::glued, .weight = table.name().penalty});
}

}  // namespace entraide::match
