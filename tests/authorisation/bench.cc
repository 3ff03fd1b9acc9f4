#include "authorisation/bench.h"

#include <filesystem>
#include <future>
#include <set>

#include "client/admin.h"
#include "codec/codec.h"

namespace entraide::authorisation {

using codec::Json;
using rulebook::By;

namespace {

constexpr const char* kRoles[] = {"officer", "duty-officer", "magistrate", "supervisor", "ring-admin", "auditor"};

template <class Judgement>
Verdict verdict_of(const Judgement& judgement) {
  if (judgement) return "permitted";
  CHECK(!judgement.error().error.rule.empty());
  return judgement.error().error.rule;
}

const rulebook::Model& model() { return kit::rules().model(); }

}  // namespace

bool has_words(const std::string& rule) {
  for (const char* language : {"en", "fr", "es", "ar"})
    if (kit::rules().word(language, "rule." + rule).empty()) return false;
  return true;
}

const std::vector<Json>& example_answers(const std::string& type) {
  static const std::map<std::string, std::vector<Json>> all = [] {
    std::map<std::string, std::vector<Json>> out;
    const auto take = [&](const Json& act) {
      const Json* name = act.find("t");
      const Json* given = act.find("answers");
      if (name == nullptr) return;
      Json answers = given == nullptr ? Json::object() : given->is_string() ? kit::answers(given->string()) : *given;
      if (const Json* change = act.find("change"); change != nullptr)
        for (const auto& [field, value] : change->members()) {
          std::erase_if(answers.members(), [&](const auto& member) { return member.first == field; });
          if (!value.is_null()) answers.set(field, value);
        }
      auto& known = out[name->string()];
      if (std::find(known.begin(), known.end(), answers) == known.end()) known.push_back(std::move(answers));
    };
    for (const auto& file : std::filesystem::recursive_directory_iterator(ENTRAIDE_SOURCE_DIR "/rulebook/examples")) {
      if (!file.is_regular_file()) continue;
      const Json read = MUST(codec::parse_json(kit::read_text(file.path())));
      const Json* examples = read.find("examples");
      if (examples == nullptr) continue;
      for (const Json& example : examples->array_items()) {
        const Json* given = example.find("given");
        const Json* when = example.find("when");
        const Json* decision = example.at_path("then.decision");
        if (when == nullptr || decision == nullptr) continue;
        if (decision->string() == "allowed") take(*when);
        if (const Json* acts = given == nullptr ? nullptr : given->find("acts"))
          for (const Json& act : acts->array_items()) take(act);
      }
    }
    return out;
  }();
  static const std::vector<Json> none{Json::object()};
  const auto found = all.find(type);
  return found == all.end() ? none : found->second;
}

Bench::Bench() {
  demo::World& world = hub.world();
  MUST(world.begin());
  early = world.checkpoint();
  const auto found = [&](const std::string& code, const std::string& slug, const std::string& kind) -> demo::Office& {
    return *MUST(
        world.add_authority(code, slug, kind, Json::object({{"en", kind + " of " + code + " (demonstration)"}})));
  };
  for (const std::string code : {"fr", "ke", "ma", "sn"}) {
    MUST(world.add_country(code, "Demonstration ministry " + code));
    for (const auto& [slug, kind] :
         {std::pair("central", "central-authority"), std::pair("point-24-7", "contact-point")}) {
      demo::Office& office = found(code, slug, kind);
      if (code == "fr" || code == "ke")
        for (const char* role : kRoles)
          officers_[{office.authority, role}] =
              MUST(world.add_officer(office, std::string(role) + " of " + code, {role}));
      else MUST(world.add_officer(office, "officer of " + code, {"officer", "duty-officer", "magistrate"}));
      MUST(world.renew_ring(office));
    }
  }
  // To whom Kenya can hand a part over.
  demo::Office& second = found("ke", "second", "central-authority");
  MUST(world.add_officer(second, "officer of a second authority", {"officer", "duty-officer", "magistrate"}));
  MUST(world.renew_ring(second));
  // People who have lost their right, each in one way.
  demo::Office& central = world.office("au:fr:central");
  for (const auto& [place, name] :
       {std::pair(&revoked, "revoked"), std::pair(&closed, "closed"), std::pair(&expired, "expired")})
    *place = MUST(world.add_officer(central, name, {"officer", "magistrate"}));
  MUST(world.revoke_device(central, *revoked, "lost"));
  const crypto::Signer *one = &central.administrators[0], *two = &central.administrators[1];
  MUST(world.enact(central.authority, central.authority, "dir.revoke",
                   client::admin::revoke_subject(closed->id, "left", world.now()), {one, two}));
  MUST(world.enact(central.authority, central.authority, "dir.officer",
                   client::admin::officer(expired->id, {"officer", "magistrate"}, world.now() + Seconds(1)),
                   {one, two}));
  hub.clock().advance(Seconds(2));
  // A closed authority, and one of a suspended country.
  const crypto::Signer *root = &world.roots()[0], *other = &world.roots()[1];
  MUST(world.enact(Subject("org"), Subject("org"), "dir.revoke",
                   client::admin::revoke_subject(Subject("au:ma:point-24-7"), "closed", world.now()), {root}));
  MUST(world.enact(Subject("org"), Subject("org"), "dir.revoke",
                   client::admin::revoke_subject(Subject("cc:sn"), "suspended", world.now()), {root, other}));
  before_renewal = hub.hub().directory();
  for (const char* name : {"au:fr:central", "au:ke:central", "au:fr:point-24-7", "au:ke:point-24-7"})
    MUST(world.renew_ring(world.office(name)));
  for (const auto& [id, kind] : model().kinds)
    for (const rulebook::Transition& transition : kind.transitions)
      if (transition.by != By::clock) transitions.emplace(transition.t, &transition);
}

Verdict Bench::rehearse(const std::string& body, const std::vector<std::string>& objects) {
  return verdict_of(hub.hub().rehearse(body, objects));
}

Verdict Bench::submit(const std::string& body, const std::vector<std::string>& objects) {
  std::promise<Verdict> answered;
  hub.hub().submit(body, objects, [&](hub::Outcome outcome) { answered.set_value(verdict_of(outcome)); });
  return answered.get_future().get();
}

const demo::Officer& Bench::officer(const Subject& authority, std::string_view role) const {
  return *officers_.at({authority, std::string(role)});
}

namespace {
// The authority of a country that may be a party: the first kind in the list that the bench has.
Subject party_of(const char* code, const std::vector<std::string>& kinds) {
  for (const std::string& kind : kinds) {
    if (kind == "central-authority") return Subject("au:" + std::string(code) + ":central");
    if (kind == "contact-point") return Subject("au:" + std::string(code) + ":point-24-7");
  }
  ENSURE(!"the bench has a party for every kind");
  std::abort();
}
}  // namespace

Subject Bench::actor_of(const rulebook::Transition& transition) {
  const rulebook::Kind& kind = *transition.kind;
  return transition.by == By::requested ? party_of("ke", kind.requested) : party_of("fr", kind.requesting);
}

std::vector<Subject> Bench::receivers_of(const rulebook::Transition& transition, const Subject& actor,
                                         const Json& answers) {
  const bool from_ke = act::country_of(actor) == Subject("cc:ke");
  const rulebook::Kind& kind = *transition.kind;
  std::vector<Subject> out{from_ke ? party_of("fr", kind.requesting) : party_of("ke", kind.requested)};
  // Whoever a part is handed to receives the act as well.
  if (transition.hand_over)
    if (const Json* to = answers.find(transition.hand_over->field);
        to != nullptr && to->is_string() && Subject(to->string()) != actor)
      out.emplace_back(to->string());
  return out;
}

Result<demo::Prepared> Bench::prepare(const Node& node, const demo::Officer& by, const std::string& type,
                                      const Json& answers, std::vector<Subject> to) {
  demo::Step step{type, answers, {}, {}, {}, std::move(to)};
  if (transitions.contains(type) && transitions.at(type)->sum != rulebook::Presence::forbidden)
    step.summary = "What this is about";
  return hub.world().prepare(node.course, by, std::move(step));
}

std::map<std::string, std::string> Bench::state_of(const CaseId& id) {
  std::map<std::string, std::string> out;
  MUST(hub.hub().read()([&](store::Connection& connection) -> Result<> {
    if (const auto file = TRY(cases::find(connection, id)))
      for (const cases::Thread& thread : file->threads) out[thread.kind] = thread.state;
    return {};
  }));
  return out;
}

bool Bench::is_new(const std::map<std::string, std::string>& states) const {
  return std::any_of(states.begin(), states.end(), [&](const auto& state) {
    return std::none_of(nodes.begin(), nodes.end(), [&](const Node& node) {
      const auto found = node.states.find(state.first);
      return found != node.states.end() && found->second == state.second;
    });
  });
}

// A case of its own in the state to which this act leads: the one that it was tried on stays as it is.
void Bench::go_on(const Node& from, const std::string& last, const Json& last_answers) {
  Node node{from.path, hub.world().new_course(), {}};
  node.path.emplace_back(last, last_answers);
  for (const auto& [type, answers] : node.path) {
    const rulebook::Transition& transition = *transitions.at(type);
    const Subject actor = actor_of(transition);
    const auto prepared = MUST(prepare(node, officer(actor, transition.roles.front()), type, answers,
                                       receivers_of(transition, actor, answers)));
    MUST(hub.world().send(node.course, prepared));
  }
  node.states = state_of(node.course.id);
  nodes.push_back(std::move(node));
}

void Bench::explore() {
  nodes.push_back(Node{{}, hub.world().new_course(), {}});
  for (std::size_t i = 0; i < nodes.size(); ++i) visit(i);
}

void Bench::visit(std::size_t i) {
  if (!visited_.insert(i).second) return;
  for (const auto& [type, transition] : transitions) {
    // Acts of a kind that the case does not have are all refused alike: the empty case shows it for each.
    if (i > 0 && !transition->opens && !nodes[i].states.contains(transition->kind->id)) continue;
    const Subject actor = actor_of(*transition);
    const demo::Officer& by = officer(actor, transition->roles.front());
    bool before = false;
    for (Json answers : example_answers(type)) {
      if (transition->hand_over) answers.set(transition->hand_over->field, "au:ke:second");
      const auto prepared = prepare(nodes[i], by, type, answers, receivers_of(*transition, actor, answers));
      if (!prepared) {  // the form itself says no
        refusals[type].insert(prepared.error().rule + " at " + prepared.error().path);
        continue;
      }
      const auto judged = hub.hub().rehearse(prepared->body, prepared->objects);
      if (!judged) {
        INFO(type);
        refusals[type].insert(verdict_of(judged));
        CHECK_MESSAGE(has_words(verdict_of(judged)), verdict_of(judged));
        continue;
      }
      if (!before) permitted.push_back({i, type, actor, answers});
      auto states = nodes[i].states;
      for (const auto& [kind, state] : *judged) states[kind] = state;
      // What a case was opened with decides what can be done in it later: each way of opening one is followed.
      // So does what has happened in it without moving it: accepted secrecy, a report.
      const std::string here =
          nodes[i].states.contains(transition->kind->id) ? nodes[i].states.at(transition->kind->id) : "";
      const bool happened = i > 0 && transition->to.empty() && transition->by != By::either &&
                            !transition->hand_over && followed_.insert(type + " in " + here).second;
      if (i == 0 || happened || is_new(states)) go_on(Node(nodes[i]), type, answers);
      // At once, so that what is opened by it is not cut off by the same step in a case where it has not happened.
      if (happened) visit(nodes.size() - 1);
      before = true;
      if (i > 0) break;
    }
  }
}

}  // namespace entraide::authorisation
