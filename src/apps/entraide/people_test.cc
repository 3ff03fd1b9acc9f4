// An authority's people by the program alone: invited, admitted, given a role by two administrators; and their request on paper.

#include "apps/entraide/world_for_test.h"

namespace entraide::cli {
namespace {

const std::string kFr = "--authority au:fr:ncb ", kFirst = " --key admin-fr-1", kSecond = " --key admin-fr-2";

Json only_item(const std::string& list) {
  const Json items = MUST(codec::parse_json(list));
  REQUIRE(items.is_array());
  REQUIRE(items.array_items().size() == 1);
  return items.array_items()[0];
}

}  // namespace

TEST_CASE("an officer is invited, admitted once the words agree, and given a role by two administrators") {
  World world;
  const Hub hub(world.folder);
  world.found(hub.url(), {"org", "fr"});
  world.country("fr");
  const std::string officer = "of:fr:AAAAAAAAAAAAAAAA";
  world.must("org", kFr + "officer add --pseudonym " + officer + " --role officer --until 2099-12-31" + kFirst);

  // officer invite: for who is there, by who administers.
  CHECK(world.tries("org", kFr + "officer invite of:fr:BBBBBBBBBBBBBBBB" + kFirst).code == 1);
  CHECK(world.tries("org", "--authority au:ke:ncb officer invite " + officer + kFirst).code == 5);
  const Json invited =
      MUST(codec::parse_json(world.must("org", kFr + "officer invite " + officer + kFirst + " --json")));
  const std::string code = invited.find("code")->string();
  CHECK(code.size() == 24);
  CHECK(*invited.find("officer") == Json(officer));
  CHECK(world.must("org", kFr + "device pending --json" + kFirst) == "[]\n");

  // The newcomer answers, with the code and nothing else.
  CHECK(world.tries("fr", "device enrol --invitation AAAA-AAAA-AAAA-AAAA-AAAA").code == 3);
  CHECK(world.tries("fr", "device enrol --invitation nonsense").code == 1);
  const Json begun = MUST(codec::parse_json(world.must("fr", "device enrol --invitation " + code + " --json")));
  CHECK(*begun.find("officer") == Json(officer));
  CHECK(world.tries("fr", "device enrol --invitation " + code).code == 7);

  // device pending, device admit: the words that both sides see are made from the code.
  const Json waiting = only_item(world.must("org", kFr + "device pending --json" + kFirst));
  CHECK(*waiting.find("state") == Json("pending"));
  CHECK(*waiting.find("sign") == *begun.find("kid"));
  CHECK(waiting.find("act") == nullptr);
  const std::string enrolment = waiting.find("enrolment")->string();
  CHECK(world.tries("org", kFr + "device admit nothing --code " + code + kFirst).code != 0);
  const Ran admitted =
      world.tries("org", kFr + "device admit " + enrolment + " --code " + code + " --name 'C. Morel'" + kFirst);
  INFO(admitted.err);
  REQUIRE(admitted.code == 0);
  CHECK(has(admitted.err, begun.find("words")->string()));
  CHECK(has(admitted.err, "C. Morel"));
  CHECK(*only_item(world.must("org", kFr + "device pending --json" + kFirst)).find("state") == Json("admitted"));
  world.must("fr", "device certificate");
  CHECK(has(world.must("fr", "directory show " + officer), "officer until 2099"));

  // A role that two give: one is not enough, the same one twice is one, and a stranger is none.
  const std::string keeper =
      "officer add --pseudonym " + officer + " --role officer --role ring-admin --until 2099-12-31";
  CHECK(world.tries("org", kFr + keeper + kFirst).code == 5);
  const std::string act = world.field("org", kFr + keeper + " --leave" + kFirst, "waiting");
  const Json pending = only_item(world.must("org", kFr + "act pending --json" + kSecond));
  CHECK(*pending.find("act") == Json(act));
  CHECK(*pending.find("state") == Json("waiting"));
  CHECK(has(pending.find("does")->string(), "ring-admin"));
  CHECK(world.tries("org", kFr + "act countersign " + act + kFirst).code == 7);
  CHECK(world.tries("fr", kFr + "act pending").code == 5);
  CHECK_FALSE(has(world.must("fr", "directory show " + officer), "ring-admin"));
  const Ran signed_too = world.tries("org", kFr + "act countersign " + act + kSecond);
  INFO(signed_too.err);
  REQUIRE(signed_too.code == 0);
  CHECK(has(signed_too.err, "ring-admin"));
  CHECK(has(world.must("fr", "directory show " + officer), "ring-admin"));
  CHECK(*only_item(world.must("org", kFr + "act pending --json" + kSecond)).find("state") == Json("admitted"));

  // From a file too; and declined, which is final.
  world.must("org", kFr + "officer add --role magistrate --until 2099-12-31 --save magistrate.act" + kFirst);
  const std::string other = world.field("org", kFr + "act leave magistrate.act" + kFirst, "waiting");
  CHECK(world.tries("org", kFr + "act decline " + other + " --why because" + kSecond).code == 1);
  world.must("org", kFr + "act decline " + other + " --why person" + kSecond);
  CHECK(world.tries("org", kFr + "act countersign " + other + kSecond).code == 7);
  CHECK(world.tries("org", kFr + "act leave magistrate.act" + kFirst).code == 7);
}

TEST_CASE("an officer reads, prints, looks for, waits for and acknowledges a request, and finds whom to telephone") {
  World world;
  const Hub hub(world.folder);
  const fs::path& folder = world.folder.path;
  world.two_officers(hub.url());
  const std::string reference =
      world.field("fr",
                  "request new police-information --to au:ke:ncb --set date=" + today() +
                      " --summary 'One person, three days'" + world.filled_in("police-information-request.json"),
                  "reference");
  world.must("ke", "request print " + reference + " --out one.pdf --language fr");
  const std::string one = text_of(folder / "one.pdf");
  CHECK(one.starts_with("%PDF-"));
  CHECK(has(one, "/EmbeddedFile"));
  world.must("ke", "request print " + reference + " --out two.pdf --language fr --language ar --paper letter");
  const std::string two = text_of(folder / "two.pdf");
  CHECK(two.starts_with("%PDF-"));
  CHECK(two.size() > one.size());
  CHECK(world.tries("ke", "request print XX-2026-00001 --out none.pdf").code == 3);
  CHECK_FALSE(fs::exists(folder / "none.pdf"));
  CHECK(world.tries("ke", "request print " + reference + " --out none.pdf --paper a3").code != 0);
  CHECK_FALSE(fs::exists(folder / "none.pdf"));

  // The inbox opens the sealed summary; the case's number is France's, and as Kenya's own it says so.
  const Json inbox = MUST(codec::parse_json(world.must("ke", "inbox --json")));
  REQUIRE(inbox.array_items().size() == 1);
  CHECK(*inbox.array_items()[0].find("summary_text") == Json("One person, three days"));
  REQUIRE(reference.starts_with("FR-"));
  // A filter that nothing can pass is refused: it would look like an empty inbox.
  for (const char* filter : {"", " --country FR", " --country fr --kind police-information --state requested"})
    CHECK_MESSAGE(has(world.must("ke", std::string("inbox") + filter), reference), filter);
  CHECK(has(world.tries("ke", "inbox --country MA").err, "of those asked for"));
  for (const char* filter :
       {"--country Kenya", "--kind police", "--state answerd", "--kind message --state requested"}) {
    const Ran ran = world.tries("ke", std::string("inbox ") + filter);
    CHECK_MESSAGE((ran.code == 2 && has(ran.err, filter[2] == 'c' ? "two letters" : "the rulebook has ")), ran.err);
  }
  // In a terminal codes are words, in the reader's language, and each line stands under its label.
  const std::string seen = world.seen_in_terminal("ke", "request show " + reference + " --lang fr");
  for (const char* words :
       {"Convention des Nations Unies contre la cybercriminalité, article 47",
        "    Degré d’urgence: Urgent, information à obtenir ailleurs : 3 jours\r\n",
        "\r\n      – Identité, lieu où se trouve une personne", "NCB (au:fr:ncb) -> NCB (au:ke:ncb)"})
    CHECK_MESSAGE(has(seen, words), words << " is not in:\n" << seen);
  // Beside Arabic labels numbers keep their direction.
  const std::string arabic = world.seen_in_terminal("ke", "request show " + reference + " --lang ar");
  for (const char* value : {": \u2068+33 1 99 00 45 00\u2069", ": \u20681994\u2069\u2069; "})
    CHECK_MESSAGE(has(arabic, value), arabic);
  CHECK_FALSE(has(seen, "three-days"));
  CHECK_FALSE(has(seen, "uncc.47"));

  for (const char* state : {"answerd", "police-information.answerd", "police.answered"})
    CHECK(world.tries("ke", "wait " + reference + " --for state=" + state).code == 2);  // at once, not in an hour
  CHECK(world.tries("ke", "wait " + reference + " --for state=police-information.answered --timeout 1s").code == 9);

  // Whom to telephone, as the country has notified it.
  CHECK(has(world.must("fr", "directory show au:ke:ncb"), "\ncontact\t+254 20 990 0031"));
  CHECK(has(world.seen_in_terminal("fr", "directory show KE --lang fr"),
            "Téléphone et courriel du point de contact: +254"));
  CHECK(has(world.must("fr", "directory list --country KE"), "au:ke:ncb"));
  CHECK(has(world.tries("fr", "directory list --country MA").err, "no authority of ma"));

  const Ran refused =
      world.tries("ke", "request answer " + reference + world.filled_in("police-information-reply.json"));
  CHECK_MESSAGE(has(refused.err, "add --summary 'TEXT'"), refused.err);
  const Ran acknowledged = world.tries("ke", "request ack " + reference);
  CHECK_MESSAGE(acknowledged.code == 0, acknowledged.err);
  CHECK_MESSAGE(has(acknowledged.err, "Filled in reference: KE/" + reference + "\n"), acknowledged.err);
  CHECK_MESSAGE(has(acknowledged.err, "Filled in summary: Receipt acknowledged\n"), acknowledged.err);
}

TEST_CASE("what cannot be done yet is refused with the rule that says why, and what can be done instead") {
  World world;
  world.kind = "central-authority";
  world.device = "--aal prf ";  // confirms its officer's presence
  const Hub hub(world.folder);
  world.two_officers(hub.url());
  const std::string reference =
      world.field("fr",
                  "request new assistance --to au:ke:central-authority --set date=" + today() +
                      " --summary 'Two accounts'" + world.filled_in("assistance-full.json"),
                  "reference");
  world.must("ke", "request ack " + reference);
  const Ran early = world.tries("ke", "request answer " + reference + " --lang fr");
  CHECK(early.code == 5);
  for (const char* words :
       {"La confidentialité a été demandée", "assistance.accept-confidentiality", "[assistance.secrecy-settled]"})
    CHECK_MESSAGE(has(early.err, words), early.err);
  const Ran wrong_side = world.tries("fr", "request refuse " + reference);
  CHECK(wrong_side.code == 5);
  CHECK_MESSAGE(has(wrong_side.err, "`refuse` is not possible now. You can: assistance."), wrong_side.err);
  CHECK_FALSE(has(wrong_side.err, "{"));
}

}  // namespace entraide::cli
