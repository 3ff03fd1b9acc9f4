#include "sim/clients.h"

#include <algorithm>

namespace entraide::sim {
namespace {

constexpr std::size_t kUnderWayMost = 3;

std::string kind_of(std::string_view type) { return std::string(type.substr(0, type.find('.'))); }

}  // namespace

struct Clients::Move {
  enum class Side { asking, asked, either };
  std::string_view type;
  Side side;
  std::vector<std::string_view> from;  // states of its kind; none opens a case
  std::string_view answers;            // none: nothing is sealed
};

const Clients::Move Clients::kMoves[] = {
    {"contact-point.request", Move::Side::asking, {}, "contact-point-request"},
    {"message.open", Move::Side::asking, {}, "message-open"},
    {"preservation.request", Move::Side::asking, {}, "preservation-full"},
    {"contact-point.acknowledge", Move::Side::asked, {"requested"}, "contact-point-acknowledge"},
    {"contact-point.locate", Move::Side::asked, {"requested", "acknowledged"}, "contact-point-locate"},
    {"contact-point.answer-part", Move::Side::asked, {"requested", "acknowledged"}, "contact-point-answer-part"},
    {"contact-point.ask", Move::Side::asked, {"requested", "acknowledged"}, "contact-point-ask"},
    {"contact-point.clarify", Move::Side::asking, {"question-asked"}, "contact-point-clarify"},
    {"contact-point.answer", Move::Side::asked, {"acknowledged"}, "contact-point-answer"},
    {"message.send", Move::Side::either, {"open"}, "message-send"},
    {"message.close", Move::Side::either, {"open"}, ""},
    {"preservation.confirm", Move::Side::asked, {"asked"}, "preservation-confirmed"},
};

bool Clients::fits(const Move& move, const Course& course, const Subject& authority) const {
  if (move.from.empty()) return false;
  if (move.side == Move::Side::asking && authority != course.asking) return false;
  if (move.side == Move::Side::asked && authority != course.asked) return false;
  const auto state = course.states.find(kind_of(move.type));
  return state != course.states.end() &&
         std::find(move.from.begin(), move.from.end(), state->second) != move.from.end();
}

std::int64_t Clients::next_count(const KeyId& device, const Subject& receiver) const {
  const auto counted = counted_.find({device, receiver.str()});
  std::int64_t count = counted == counted_.end() ? 0 : counted->second;
  const auto mine = under_way_.find(device);
  if (mine != under_way_.end())
    for (const SentAct* sent : mine->second)
      if (const auto found = sent->act.sent.find(receiver.str()); found != sent->act.sent.end())
        count = std::max(count, found->second);
  return count + 1;
}

Result<SentAct*> Clients::begin_act() {
  std::vector<const demo::Officer*> free;
  for (const demo::Officer& officer : world_.officers()) {
    const auto mine = under_way_.find(officer.sign.public_key().kid());
    const bool busy = mine != under_way_.end() && mine->second.size() >= kUnderWayMost;
    if (!busy && !is_retired(officer)) free.push_back(&officer);
  }
  if (free.empty()) return nullptr;
  const demo::Officer& officer = *dice_.one_of(free);

  std::vector<std::pair<Course*, const Move*>> open;
  for (Course& course : courses_)
    for (const Move& move : kMoves)
      if (course.open && fits(move, course, officer.authority)) open.emplace_back(&course, &move);
  if (!open.empty() && !dice_.percent(10)) {
    const auto [course, move] = dice_.one_of(open);
    return write(officer, *course, *move);
  }

  std::vector<Subject> others;
  for (const demo::Office& office : world_.offices())
    if (office.authority != officer.authority) others.push_back(office.authority);
  courses_.push_back({world_.new_course().id, officer.authority, dice_.one_of(others), {}, false, {}});
  return write(officer, courses_.back(), kMoves[dice_.below(3)]);
}

Result<SentAct*> Clients::write(const demo::Officer& officer, Course& course, const Move& move) {
  const Subject receiver = officer.authority == course.asking ? course.asked : course.asking;
  const std::string type(move.type);
  act::Act act = world_.compose(officer, type, {receiver});
  act.case_id = course.id;
  if (course.open) act.previous = course.newest;
  act.sent[receiver.str()] = next_count(act.device, receiver);
  act.checkpoint = memory_.newest_checkpoint();

  client::Contents contents{type, course.id, officer.authority, {receiver}, {}, codec::Json::object(), {}, {}, {}};
  if (!move.answers.empty()) contents.summary = "What this is about, in a line";
  if (!move.answers.empty()) {
    contents.answers = stage_.answers(std::string(move.answers));
    if (const codec::Json* basis = contents.answers.find("basis")) contents.basis = basis->string();
  }
  const client::DocumentSigner signer = officer.document_signer();
  client::Sealed sealed = TRY(
      client::seal_contents(stage_.rules(), world_.directory(), contents, &signer, world_.now(), world_.random()));
  act.d = std::move(sealed.d);
  act.objects = std::move(sealed.objects);
  const crypto::Signer* const keys[] = {&officer.sign};
  std::string body = TRY(act::sign_act(act, keys));
  SentAct* sent = TRY(memory_.remember(std::move(body), std::move(sealed.jwes)));
  under_way_[act.device].push_back(sent);
  return sent;
}

std::vector<SentAct*> Clients::under_way() const {
  std::vector<SentAct*> out;
  for (const auto& [device, acts] : under_way_) out.insert(out.end(), acts.begin(), acts.end());
  return out;
}

void Clients::learn(SentAct& sent, const hub::Outcome& outcome) {
  if (sent.fate == SentAct::Fate::unsettled) return;
  auto& mine = under_way_[sent.act.device];
  if (std::erase(mine, &sent) == 0 || sent.fate == SentAct::Fate::refused) return;
  for (const auto& [receiver, count] : sent.act.sent) {
    auto& counted = counted_[{sent.act.device, receiver}];
    counted = std::max(counted, count);
  }
  for (Course& course : courses_)
    if (sent.act.case_id && course.id == *sent.act.case_id) {
      course.open = true;
      course.newest = sent.id;
      for (const auto& [kind, state] : outcome->states) course.states[kind] = state;
    }
}

}  // namespace entraide::sim
