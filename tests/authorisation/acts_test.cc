// Every type of act, in every state, by everybody who might try. What is refused is refused by a rule with words, and
// nothing is written.

#include "authorisation/bench.h"

#include "codec/codec.h"

namespace entraide::authorisation {

using codec::Json;
using rulebook::By;

namespace {

std::string sign(const act::Act& act, const crypto::Signer& key) {
  const crypto::Signer* const keys[] = {&key};
  return MUST(act::sign_act(act, keys));
}

std::string other_nonce() { return codec::base64url(SystemRandom().bytes(16)); }

// One permitted act, bent in one way at a time.
struct Bending {
  Bench& bench;
  const Permitted& good;
  const Node& node = bench.nodes[good.node];
  const rulebook::Transition& transition = *bench.transitions.at(good.type);
  const demo::Officer& officer = bench.officer(good.actor, transition.roles.front());
  std::vector<Subject> to = Bench::receivers_of(transition, good.actor, good.answers);
  demo::Prepared prepared = MUST(bench.prepare(node, officer, good.type, good.answers, to));
  std::size_t done = 0;

  void refused(const char* how, const std::string& body, const std::vector<std::string>& objects,
               std::initializer_list<std::string_view> rules) {
    INFO(good.type << ", " << how);
    const std::int64_t before = bench.hub.hub().tree_size();
    const Verdict verdict = bench.submit(body, objects);
    CHECK_MESSAGE(std::find(rules.begin(), rules.end(), verdict) != rules.end(), verdict);
    CHECK_MESSAGE(has_words(verdict), verdict);
    if (done % 8 == 0) CHECK(bench.rehearse(body, objects) == verdict);  // a rehearsal says what the hub would say
    CHECK(bench.hub.hub().tree_size() == before);
    ++done;
  }
  void bent(const char* how, std::initializer_list<std::string_view> rules,
            const std::function<void(act::Act&)>& bend) {
    act::Act act = prepared.act;
    act.nonce = other_nonce();
    bend(act);
    refused(how, sign(act, officer.sign), prepared.objects, rules);
  }
  void by_another(const char* how, const demo::Officer& other, std::initializer_list<std::string_view> rules) {
    act::Act act = prepared.act;
    act.by = other.id;
    act.device = other.sign.public_key().kid();
    act.sent = bench.hub.world().compose(other, act.type, act.to).sent;
    refused(how, sign(act, other.sign), prepared.objects, rules);
  }
  // Objects anew, to these readers, with the keys of that directory.
  void sealed_to(const char* how, const directory::Directory& directory, std::vector<Subject> readers,
                 std::initializer_list<std::string_view> rules) {
    if (prepared.objects.empty()) return;
    act::Act act = prepared.act;
    act.nonce = other_nonce();
    std::vector<std::string> objects;
    for (act::ObjectRef& object : act.objects) {
      auto one = MUST(client::seal_one(directory, bytes_of("content"), object.role, node.course.id.str(), readers,
                                       bench.hub.random()));
      object = one.ref;
      objects.push_back(std::move(one.jwe));
    }
    refused(how, sign(act, officer.sign), objects, rules);
  }
};

void bend_in_every_way(Bench& bench, Bending& b) {
  demo::World& world = bench.hub.world();
  const auto& checkpoint = world.checkpoint();
  b.bent("signed too long ago", {"act.time.window"}, [&](act::Act& act) { act.at = world.now() - Seconds(301); });
  b.bent("signed too far ahead", {"act.time.window"}, [&](act::Act& act) { act.at = world.now() + Seconds(301); });
  b.bent("under a rulebook that is not in force", {"act.rulebook.unknown"},
         [](act::Act& act) { act.rulebook.value[0] ^= 1; });
  b.bent("on a checkpoint that was never signed", {"act.checkpoint.unknown"},
         [](act::Act& act) { act.checkpoint.root.value[0] ^= 1; });
  b.bent("on a checkpoint that is still to come", {"act.checkpoint.unknown"},
         [&](act::Act& act) { act.checkpoint.size = checkpoint.size + 1000; });
  // A device that has sent something before has shown what it had seen, and has counted.
  const bool has_sent = b.prepared.act.sent.begin()->second > 1;
  if (has_sent) {
    b.bent("on a checkpoint older than its device has seen", {"act.checkpoint.stale"},
           [&](act::Act& act) { act.checkpoint = bench.early; });
    b.bent("with a counter that was used", {"act.st.replayed"}, [](act::Act& act) { --act.sent.begin()->second; });
  }
  b.bent("with a gap in its counters", {"act.st.gap"}, [](act::Act& act) { ++act.sent.begin()->second; });
  b.bent("without its case", {"act.case.missing", "act.object.context"}, [](act::Act& act) { act.case_id.reset(); });
  b.bent("of a type that nobody knows", {"decide.act"}, [](act::Act& act) { act.type = "assistance.bribe"; });
  b.bent("to an authority that is not there", {"act.recipient.unknown"}, [](act::Act& act) {
    act.to.emplace_back("au:zz:nobody");
    act.sent["au:zz:nobody"] = 1;
  });
  b.bent("to an authority that is closed", {"act.recipient.unknown"}, [](act::Act& act) {
    act.to.emplace_back("au:ma:point-24-7");
    act.sent["au:ma:point-24-7"] = 1;
  });
  b.bent("to an authority of a suspended country", {"act.recipient.unknown"}, [](act::Act& act) {
    act.to.emplace_back("au:sn:central");
    act.sent["au:sn:central"] = 1;
  });
  b.bent("with a member in the open that the form does not have", {"decide.field"},
         [](act::Act& act) { act.d.set("unheard_of", "x"); });
  if (b.transition.form_rules != nullptr)
    for (const rulebook::Field* field : b.transition.form_rules->fields)
      if (!field->routing) {
        b.bent("with a sealed field in the open", {"decide.field.sealed"},
               [&](act::Act& act) { act.d.set(field->name, "x"); });
        break;
      }
  if (b.good.node != 0) {
    b.bent("without the act before it", {"act.prev.unknown"}, [](act::Act& act) { act.previous.reset(); });
    b.bent("after an act of no case", {"act.prev.unknown"}, [&](act::Act& act) { act.previous = world.genesis(); });
    for (const Node& other : bench.nodes)
      if (other.course.newest != ActId{} && other.course.id != b.node.course.id) {
        b.bent("after an act of another case", {"act.prev.unknown"},
               [&](act::Act& act) { act.previous = other.course.newest; });
        break;
      }
  } else {
    b.bent("after an act, in a case that is not there", {"act.case.unknown"},
           [&](act::Act& act) { act.previous = world.genesis(); });
  }

  // Who may not.
  b.by_another("by a device that was revoked", *bench.revoked, {"act.device.revoked", "act.authority.wrong"});
  b.by_another("by an officer who was revoked", *bench.closed, {"act.device.revoked", "act.authority.wrong"});
  b.by_another("by an officer whose mandate has ended", *bench.expired,
               {"act.officer.expired", "act.authority.wrong"});
  b.by_another("by an officer of another country", world.officer_of("au:ma:central"), {"act.authority.wrong"});
  const std::string code = act::country_of(b.good.actor).str().substr(3);
  const Subject side("au:" + code + (b.good.actor.str().ends_with(":central") ? ":point-24-7" : ":central"));
  b.by_another("by an officer of another authority of the country", bench.officer(side, "officer"),
               {"act.authority.wrong"});
  for (const char* gone : {"au:ma:point-24-7", "au:sn:central"}) {
    act::Act act = b.prepared.act;
    const demo::Officer& officer = world.officer_of(gone);
    act.by = officer.id;
    act.device = officer.sign.public_key().kid();
    act.for_authority = officer.authority;
    for (auto& [receiver, count] : act.sent) count = 1;
    b.refused("for an authority that is closed, or whose country is suspended", sign(act, officer.sign),
              b.prepared.objects, {"act.authority.wrong"});
  }
  const demo::Officer& colleague = bench.officer(b.good.actor, "auditor");
  b.bent("in the name of a colleague", {"act.by"}, [&](act::Act& act) { act.by = colleague.id; });
  {
    act::Act act = b.prepared.act;
    b.refused("signed by another device than it names", sign(act, colleague.sign), b.prepared.objects, {"act.dv"});
    const crypto::PrivateKey nobody = crypto::PrivateKey::generate(bench.hub.random());
    act.device = nobody.public_key().kid();
    b.refused("by a device that nobody has enrolled", sign(act, nobody), b.prepared.objects, {"act.device.unknown"});
    std::string forged = b.prepared.body;
    forged[forged.size() - 20] = forged[forged.size() - 20] == 'A' ? 'B' : 'A';
    b.refused("with a signature that does not hold", forged, b.prepared.objects, {"act.signature"});
    std::string payload = b.prepared.body;
    payload.replace(payload.find('\n'), std::string::npos, "\n");
    b.refused("without a signature", payload, b.prepared.objects, {"act.form"});
  }

  // What it seals, and to whom.
  if (!b.prepared.objects.empty()) {
    auto fewer = b.prepared.objects;
    fewer.pop_back();
    b.refused("without an object that it names", b.prepared.body, fewer, {"act.object.missing"});
    auto altered = b.prepared.objects;
    altered.back().back() = ' ';
    b.refused("with another object than it names", b.prepared.body, altered, {"act.object.missing"});
    b.bent("naming other keys than the object is sealed to", {"act.object.recipients"},
           [](act::Act& act) { act.objects.front().to.pop_back(); });
    b.bent("naming another size", {"act.object.size"}, [](act::Act& act) { ++act.objects.front().bytes; });
    b.bent("naming an object twice", {"act.object.missing", "act.object.extra"},
           [](act::Act& act) { act.objects.push_back(act.objects.front()); });
    b.bent("moved to another case", {"act.object.context"},
           [&](act::Act& act) { act.case_id = CaseId(codec::base64url(Bytes(16, 9))); });
  }
  auto more = b.prepared.objects;
  more.push_back("{}");
  b.refused("with an object that it does not name", b.prepared.body, more, {"act.object.extra"});
  std::vector<Subject> readers = b.to;
  readers.push_back(b.good.actor);
  readers.emplace_back("au:ma:central");
  const auto people = bench.hub.hub().directory();
  b.sealed_to("sealed to a stranger too", *people, readers, {"decide.object.sealed-to"});
  b.sealed_to("sealed to the sender alone", *people, {b.good.actor}, {"decide.object.sealed-to"});
  readers.pop_back();
  b.sealed_to("sealed to a generation that has been replaced", *bench.before_renewal, readers,
              {"act.ring.generation"});
  if (b.prepared.objects.empty()) {
    b.bent("naming an object where none belongs", {"act.object.missing"}, [](act::Act& act) {
      act::ObjectRef object;
      object.bytes = 1;
      object.content_commitment = codec::base64url(Bytes(32, 1));
      object.to.push_back({Subject("au:ke:central"), 1, act.device});
      act.objects.push_back(std::move(object));
    });
  }
  b.bent("naming a file that nobody has uploaded", {"act.file.missing"}, [](act::Act& act) {
    act::ObjectRef file;
    file.kind = act::ObjectRef::Kind::file;
    file.role.clear();
    file.bytes = 1;
    file.file_id = codec::base64url(Bytes(16, 1));
    act.objects.push_back(std::move(file));
  });
}

// The other authorities that might try, and whether the transition is theirs as well.
void try_others(Bench& bench, Bending& b, std::size_t& tried) {
  demo::World& world = bench.hub.world();
  const std::string country = act::country_of(b.good.actor).str().substr(3), other = country == "fr" ? "ke" : "fr";
  for (const std::string& name :
       {"au:" + other + ":central", "au:" + other + ":point-24-7", "au:" + country + ":central",
        "au:" + country + ":point-24-7", std::string("au:ma:central")}) {
    const Subject authority(name);
    if (authority == b.good.actor) continue;
    if (b.transition.opens) continue;  // a stranger to a case that exists; a new case is everybody's own
    const bool party_too = b.transition.by == By::either && !b.to.empty() && authority == b.to.front();
    if (party_too) continue;
    std::vector<Subject> to = b.to;
    std::erase(to, authority);
    if (to.empty()) to.push_back(b.good.actor);
    const demo::Officer& officer = country == "ma" || name.starts_with("au:ma")
                                       ? world.officer_of(name)
                                       : bench.officer(authority, b.transition.roles.front());
    const auto prepared = bench.prepare(b.node, officer, b.good.type, b.good.answers, to);
    REQUIRE_MESSAGE(prepared.has_value(), prepared.error().message);
    INFO(name);
    b.refused("by another authority", prepared->body, prepared->objects, {"act.case.unknown", "decide.party"});
    ++tried;
  }
}

}  // namespace

TEST_CASE("what is not permitted is refused: every type of act, in every state, by everybody who might try") {
  Bench bench;
  bench.explore();

  // Every state of every kind was reached, and every act was permitted somewhere: else nothing is shown.
  std::set<std::string> states, types;
  for (const Node& node : bench.nodes)
    for (const auto& [kind, state] : node.states) states.insert(kind + ":" + state);
  for (const Permitted& one : bench.permitted) types.insert(one.type);
  for (const auto& [type, transition] : bench.transitions) {
    std::string why;
    for (const std::string& rule : bench.refusals[type]) why += " " + rule;
    CHECK_MESSAGE(types.contains(type), type << " was permitted nowhere; refused by" << why);
  }
  for (const auto& [id, kind] : kit::rules().model().kinds)
    for (const rulebook::State& state : kind.states) {
      // Where only the passage of time leads, this clock that stands still does not.
      const bool by_act =
          std::any_of(kind.transitions.begin(), kind.transitions.end(), [&](const rulebook::Transition& transition) {
            return transition.by != By::clock && transition.to == state.name;
          });
      if (by_act)
        CHECK_MESSAGE(states.contains(id + ":" + state.name), id << ":" << state.name << " was not reached");
    }

  // What the rulebook says of state, side and role holds in the hub. The model is read here by other code than decides.
  for (const Permitted& one : bench.permitted) {
    const rulebook::Transition& transition = *bench.transitions.at(one.type);
    const auto& known = bench.nodes[one.node].states;
    const auto state = known.find(transition.kind->id);
    INFO(one.type);
    if (transition.opens) continue;
    REQUIRE(state != known.end());
    CHECK((transition.from_any ||
           std::find(transition.from.begin(), transition.from.end(), state->second) != transition.from.end()));
    CHECK(!transition.kind->find_state(state->second)->is_final);
  }

  // Roles: at every permitted place, everybody of the right authority with another role.
  std::size_t roles = 0, others = 0, bent = 0;
  std::set<std::string> bent_types, places;
  for (const Permitted& one : bench.permitted) {
    const auto state = bench.nodes[one.node].states.find(bench.transitions.at(one.type)->kind->id);
    if (!places.insert(one.type + " in " + (state == bench.nodes[one.node].states.end() ? "" : state->second)).second)
      continue;
    Bending b{bench, one};
    for (const char* role : {"officer", "duty-officer", "magistrate", "supervisor", "ring-admin", "auditor"}) {
      const bool right =
          std::find(b.transition.roles.begin(), b.transition.roles.end(), role) != b.transition.roles.end();
      act::Act act = b.prepared.act;
      const demo::Officer& by = bench.officer(one.actor, role);
      act.by = by.id;
      act.device = by.sign.public_key().kid();
      const auto fresh = bench.hub.world().compose(by, one.type, act.to);
      act.sent = fresh.sent;
      INFO(one.type << " by " << role);
      const Verdict verdict = bench.rehearse(sign(act, by.sign), b.prepared.objects);
      CHECK_MESSAGE(verdict == (right ? "permitted" : "decide.role"), verdict);
      ++roles;
    }
    try_others(bench, b, others);
    if (bent_types.insert(one.type).second) bend_in_every_way(bench, b);
    bent += b.done;
  }
  MESSAGE(bench.nodes.size() << " cases in " << states.size() << " states; " << places.size()
                             << " acts permitted in a state, " << roles << " tried by role, " << others
                             << " by other authorities, " << bent << " bent and refused");
  CHECK(bent_types.size() == bench.transitions.size());
}

}  // namespace entraide::authorisation
