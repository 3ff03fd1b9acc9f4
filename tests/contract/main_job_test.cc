// The main job, with the client library on both sides and nothing of the hub believed.

#include <filesystem>
#include <fstream>

#include "client/compose.h"
#include "client/proof.h"
#include "client/upload.h"
#include "contract/stage.h"

namespace entraide::contract {
namespace {

using codec::Json;

constexpr std::size_t kRulingBytes = 700'000;

// A document as large as a scanned ruling, with words in it that must not be found anywhere.
std::string ruling() {
  std::string out;
  while (out.size() < kRulingBytes)
    out += "Ordonnance du juge d'instruction, page " + std::to_string(out.size()) + ". ";
  out.resize(kRulingBytes);
  return out;
}

// Every text that was typed into these answers and that the form seals.
void collect_sealed(const Json& value, std::vector<std::string>& out) {
  if (value.is_string() && value.string().size() >= 12) out.push_back(value.string());
  if (value.is_array())
    for (const Json& item : value.array_items()) collect_sealed(item, out);
  if (value.is_object())
    for (const auto& [name, member] : value.members()) collect_sealed(member, out);
}

std::vector<std::string> sealed_texts(std::string_view type, const Json& answers) {
  const Json* basis = answers.find("basis");
  const auto form = rulebook::form_of(kit::rules(), type);
  const auto parted =
      rulebook::part_answers(kit::rules(), form, basis != nullptr ? basis->string() : "", answers, nullptr, {});
  std::vector<std::string> out;
  collect_sealed(parted.sealed, out);
  // The hub keeps the rulebook: a code that was chosen from its lists is in there for everybody.
  static const std::string bundle = kit::rules().bundle();
  std::erase_if(out, [](const std::string& text) { return bundle.find(text) != std::string::npos; });
  return out;
}

// What a reader makes of an act that was sent to them.
Json opened(kit::Desk& desk, const ActId& id) {
  const auto act = MUST(desk.open(id));
  for (const client::Step& step : act.verdict.steps) {
    INFO(step.check << ": " << step.words);
    CHECK(step.finding != client::Finding::fails);
  }
  CHECK(act.verdict.good());
  REQUIRE(!act.objects.empty());
  REQUIRE(act.objects.front().document.has_value());
  return *act.objects.front().document->find("answers");
}

// The newest thing that reached an authority.
Json newest(kit::Desk& desk) {
  const Json changes = desk.read("/v1/changes");
  REQUIRE(!changes.find("items")->array_items().empty());
  return changes.find("items")->array_items().back();
}

client::FileEntry send_file(Stage& stage, kit::Desk& desk, const std::string& name, const std::string& content) {
  const auto plain = desk.folder() / name;
  std::ofstream(plain, std::ios::binary) << content;
  client::FileEntry entry = MUST(client::encrypt_file(plain, desk.folder() / "sealed", stage.hub.random()));
  entry.name = name;
  MUST(client::upload_file(desk.api(), desk.folder() / "sealed", entry, 256 << 10));
  return entry;
}

}  // namespace

TEST_CASE("a sealed request crosses a border and comes back with proof, and the hub could not read a word of it") {
  Stage stage;
  std::vector<std::string> secrets;
  const auto step = [&](std::string type, std::string_view answers, std::string_view to) {
    demo::Step out{std::move(type), kit::answers(answers), {}, {}, {}, {Subject(std::string(to))}};
    out.summary = "Sealed summary of step " + out.type;
    secrets.push_back(out.summary);
    for (std::string& text : sealed_texts(out.type, out.answers)) secrets.push_back(std::move(text));
    return out;
  };

  // France's officer fills in every field of the request, with a translation, a summary and a ruling of 700 kB.
  const std::string ruling_text = ruling();
  client::FileEntry attached = send_file(stage, *stage.fr, "ordonnance.pdf", ruling_text);
  demo::Step request = step("assistance.request", "assistance-full", "au:ke:central");
  request.summary = "Contenu d'une boîte aux lettres et journaux de deux serveurs";
  request.translations.push_back(
      {"en", "Sworn translator (demonstration)", "C. Vasseur", kit::answers("assistance-full-en")});
  request.files.push_back(MUST(client::read_manifest_entry(client::manifest_entry(attached))));
  secrets.push_back(request.summary);
  for (std::string& text : sealed_texts("assistance.request", kit::answers("assistance-full-en")))
    secrets.push_back(std::move(text));
  const CaseId case_id = client::new_case_id(stage.hub.random());
  const client::Sent asked = MUST(stage.fr->act(std::move(request), case_id, std::nullopt));
  CHECK(asked.is_new);
  CHECK(asked.reference.starts_with("FR-2031-"));

  // Kenya's officer sees it arrive, opens it, and reads what was written.
  CHECK(newest(*stage.ke).find("id")->string() == act::to_text(asked.id));
  CHECK(newest(*stage.ke).find("t")->string() == "assistance.request");
  const Json read = opened(*stage.ke, asked.id);
  CHECK(*read.find("facts") == *kit::answers("assistance-full").find("facts"));
  {
    const auto act = MUST(stage.ke->open(asked.id));
    REQUIRE(act.objects.front().files.size() == 1);
    MUST(client::download_file(stage.ke->api(), act.objects.front().files.front(),
                               stage.ke->folder() / "ordonnance.pdf"));
    CHECK(kit::read_text(stage.ke->folder() / "ordonnance.pdf") == ruling_text);
    CHECK(act.objects.size() == 3);  // document, summary, translation
  }
  CHECK(!stage.ma->open(asked.id).has_value());

  // Acknowledged; a supplement asked for and given; answered with a sealed document and a file.
  const auto by_ke = [&](demo::Step what, const ActId& after) {
    return MUST(stage.ke->act(std::move(what), case_id, after));
  };
  const auto by_fr = [&](demo::Step what, const ActId& after) {
    return MUST(stage.fr->act(std::move(what), case_id, after));
  };
  stage.hub.clock().advance(std::chrono::minutes(40));
  const client::Sent acknowledged =
      by_ke(step("assistance.acknowledge", "assistance-acknowledge", "au:fr:central"), asked.id);
  CHECK(acknowledged.state.find("assistance")->string() == "acknowledged");
  const client::Sent secrecy =
      by_ke(step("assistance.accept-confidentiality", "assistance-accept-confidentiality", "au:fr:central"),
            acknowledged.id);
  const client::Sent supplement =
      by_ke(step("assistance.ask-supplement", "assistance-ask-supplement", "au:fr:central"), secrecy.id);
  CHECK(newest(*stage.fr).find("state")->string() == "supplement-asked");
  CHECK(*opened(*stage.fr, supplement.id).find("supplement_text") ==
        *kit::answers("assistance-ask-supplement").find("supplement_text"));
  stage.hub.clock().advance(std::chrono::hours(5));
  const client::Sent supplied = by_fr(step("assistance.supply", "assistance-supply", "au:ke:central"), supplement.id);
  CHECK(opened(*stage.ke, supplied.id).find("supplied_text") != nullptr);
  const std::string records = "address;port;time\n203.0.113.41;51544;2031-01-09T21:14:07Z\n";
  client::FileEntry evidence = send_file(stage, *stage.ke, "logins.csv", records);
  secrets.push_back(records);
  demo::Step answer = step("assistance.answer", "assistance-answer", "au:fr:central");
  answer.files.push_back(MUST(client::read_manifest_entry(client::manifest_entry(evidence))));
  const client::Sent answered = by_ke(std::move(answer), supplied.id);
  CHECK(answered.state.find("assistance")->string() == "answered");

  const Json result = opened(*stage.fr, answered.id);
  CHECK(*result.find("result_text") == *kit::answers("assistance-answer").find("result_text"));
  {
    const auto act = MUST(stage.fr->open(answered.id));
    MUST(client::download_file(stage.fr->api(), act.objects.front().files.front(),
                               stage.fr->folder() / "received.csv"));
    CHECK(kit::read_text(stage.fr->folder() / "received.csv") == records);
  }

  // Both hold receipts, and a third party verifies them offline.
  for (const auto& [desk, sent] : {std::pair(stage.fr.get(), &asked), std::pair(stage.ke.get(), &answered)}) {
    CHECK(MUST(desk->outbox().receipt_of(sent->id)) == sent->receipt);
    const auto policy = MUST(desk->mirror().policy());
    const auto verdict = merkle::verify_receipt(MUST(act::parse_act(sent->body)).body_digest, merkle::EntryKind::act,
                                                sent->receipt, policy);
    CHECK(verdict.logged);
  }
  std::vector<client::OpenedAct> acts;
  for (const ActId& id : {asked.id, acknowledged.id, secrecy.id, supplement.id, supplied.id, answered.id})
    acts.push_back(MUST(stage.fr->open(id)));
  const std::string bundle =
      client::to_text(MUST(client::export_proof(stage.fr->api(), stage.fr->mirror(), acts, true)));
  const auto proven = client::verify_proof(MUST(client::parse_bundle_file(bundle)), stage.hub.world().genesis());
  for (const auto& line : proven.lines)
    for (const client::Step& one : line.verdict.steps)
      if (one.finding == client::Finding::fails) FAIL_CHECK(line.type << " " << one.check << ": " << one.words);
  CHECK(proven.good());
  CHECK(!client::verify_proof(MUST(client::parse_bundle_file(bundle)), ActId{}).good());
  {
    // One byte of one act, and nothing holds.
    auto altered = MUST(client::parse_bundle_file(bundle));
    std::string& body = altered.items.back().body;
    body[body.size() / 2] = body[body.size() / 2] == 'A' ? 'B' : 'A';
    CHECK(!client::verify_proof(altered, stage.hub.world().genesis()).good());
  }

  // What the hub holds: not a word, not a name, not a line of a file.
  CHECK(secrets.size() > 60);
  const std::filesystem::path folder = stage.hub.folder();
  stage.hub.stop();
  std::size_t files = 0, bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string content = kit::read_text(entry.path());
    ++files;
    bytes += content.size();
    for (const std::string& secret : secrets) {
      INFO(entry.path().filename().string() << " holds: " << secret);
      CHECK(content.find(secret) == std::string::npos);
      CHECK(content.find(codec::base64(bytes_of(secret))) == std::string::npos);
    }
    CHECK(content.find("Ordonnance du juge") == std::string::npos);
  }
  CHECK(files >= 4);  // the database, two files, tiles
  CHECK(bytes > kRulingBytes);
}

}  // namespace entraide::contract
