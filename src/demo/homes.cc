#include "demo/homes.h"

#include <filesystem>

#include "client/files.h"
#include "client/keystore.h"
#include "codec/codec.h"

namespace entraide::demo {
namespace {

using client::KeyStore;
using client::KeyUse;
using client::StoredKey;
using codec::Json;

class Homes {
 public:
  Homes(World& world, std::string folder, std::string hub_url)
      : world_(world), folder_(std::move(folder)), hub_url_(std::move(hub_url)) {}

  Result<KeyStore> store(const std::string& profile) {
    const std::filesystem::path file = std::filesystem::path(folder_) / profile / "keys";
    std::error_code error;
    std::filesystem::create_directories(file.parent_path(), error);
    if (error) return fail(Errc::internal, "demo.folder", file.parent_path().string() + ": cannot be made");
    const SecretBytes passphrase(to_bytes(kPassphrase));
    // Everybody may have these keys and their passphrase: guessing need not be made hard, only starting quick.
    auto made = TRY(KeyStore::create(file, passphrase, world_.random(), crypto::ScryptCost{10, 8, 1}));
    TRY(made.generate("dpop", KeyUse::dpop, {}, world_.random()));
    return made;
  }
  void profile(const std::string& name, std::vector<std::pair<std::string, std::string>> settings) {
    toml_ += "[" + name + "]\nhub = \"" + hub_url_ + "\"\ngenesis = \"" + act::to_text(world_.genesis()) + "\"\n";
    for (const auto& [key, value] : settings) toml_ += key + " = \"" + value + "\"\n";
    toml_ += "\n";
  }
  Result<> finish() {
    TRY(client::write_file_whole(std::filesystem::path(folder_) / "config.toml", bytes_of(toml_), 0600));
    return client::write_file_whole(std::filesystem::path(folder_) / "pin", bytes_of(std::string(kPassphrase) + "\n"),
                                    0600);
  }

 private:
  World& world_;
  std::string folder_, hub_url_, toml_;
};

StoredKey stored(std::string name, KeyUse use, const Subject& subject, const crypto::PrivateKey& key,
                 std::vector<crypto::Certificate> chain = {}) {
  return {std::move(name), use, subject, key.public_key(), key, std::nullopt, std::move(chain)};
}

Result<> add_all(KeyStore& store, const std::string& name, KeyUse use, const Subject& subject,
                 const std::vector<crypto::PrivateKey>& keys) {
  for (std::size_t i = 0; i < keys.size(); ++i)
    TRY(store.add(stored(name + std::to_string(i + 1), use, subject, keys[i])));
  return {};
}

std::string short_name(const Subject& authority) {
  // au:fr:central-authority -> fr-central-authority
  std::string out = authority.str().substr(3);
  out[2] = '-';
  return out;
}

Result<> write_json(const std::string& folder, std::string_view name, const std::optional<Json>& values) {
  if (!values) return fail(Errc::not_found, "demo.answers", std::string(name) + ": the rulebook has no such example");
  return client::write_file_whole(std::filesystem::path(folder) / name,
                                  bytes_of(codec::to_pretty_json(*values) + "\n"), 0644);
}

}  // namespace

Result<std::vector<Home>> write_homes(World& world, const std::string& folder, const std::string& hub_url) {
  Homes homes(world, folder, hub_url);
  std::vector<Home> out;
  {
    auto store = TRY(homes.store("org"));
    TRY(add_all(store, "root", KeyUse::root, Subject("org"), world.roots()));
    TRY(store.save(world.random()));
    homes.profile("org", {});
  }
  for (const auto& [code, country] : world.countries()) {
    auto store = TRY(homes.store(code + "-country"));
    TRY(add_all(store, "root", KeyUse::root, Subject("cc:" + code), country.roots));
    TRY(store.add(stored("pki", KeyUse::pki, Subject("cc:" + code), country.pki_key, {country.pki})));
    TRY(store.save(world.random()));
    homes.profile(code + "-country", {});
  }
  for (const Office& office : world.offices()) {
    const std::string name = short_name(office.authority) + "-administrators";
    auto store = TRY(homes.store(name));
    TRY(add_all(store, "administrator", KeyUse::administrator, office.authority, office.administrators));
    TRY(store.add(stored("pki", KeyUse::pki, office.authority, office.issuer_key, {office.issuer})));
    TRY(store.save(world.random()));
    homes.profile(name, {{"authority", office.authority.str()}});
  }
  std::map<std::string, int> seen;
  for (const Officer& officer : world.officers()) {
    std::string name = short_name(officer.authority);
    if (const int n = ++seen[name]; n > 1) name += "-" + std::to_string(n);
    auto store = TRY(homes.store(name));
    TRY(store.add(stored("device.sign", KeyUse::sign, officer.id, officer.sign)));
    TRY(store.add(stored("device.seal", KeyUse::seal, officer.id, officer.seal)));
    TRY(store.add(stored("document", KeyUse::document, officer.id, officer.document, officer.chain)));
    TRY(store.save(world.random()));
    homes.profile(name, {{"authority", officer.authority.str()}, {"officer", officer.id.str()}});
    out.push_back({name, officer.authority, officer.name});
  }
  TRY(homes.finish());
  return out;
}

// PDF 1.4: one font, a page a screenful, and a cross-reference table.
std::string paper(std::string_view title, std::string_view line, std::size_t bytes) {
  constexpr int kLines = 52;
  std::vector<std::string> objects{"<< /Type /Catalog /Pages 2 0 R >>", "",
                                   "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"};
  std::string kids;
  std::size_t size = 0;
  for (int page = 1; page == 1 || size < bytes; ++page) {
    std::string text =
        "BT /F1 10 Tf 56 800 Td 14 TL (" + std::string(title) + ", page " + std::to_string(page) + ") Tj T* T*\n";
    for (int i = 1; i <= kLines; ++i)
      text += "(" + std::to_string((page - 1) * kLines + i) + ". " + std::string(line) + ") Tj T*\n";
    text += "ET\n";
    const std::string content = std::to_string(objects.size() + 1), leaf = std::to_string(objects.size() + 2);
    objects.push_back("<< /Length " + std::to_string(text.size()) + " >>\nstream\n" + text + "endstream");
    objects.push_back("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents " + content +
                      " 0 R /Resources << /Font << /F1 3 0 R >> >> >>");
    kids += leaf + " 0 R ";
    size += text.size();
  }
  objects[1] = "<< /Type /Pages /Kids [" + kids + "] /Count " + std::to_string((objects.size() - 3) / 2) + " >>";
  std::string out = "%PDF-1.4\n", table;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    char entry[24];
    std::snprintf(entry, sizeof entry, "%010zu 00000 n \n", out.size());
    table += entry;
    out += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
  }
  const std::string count = std::to_string(objects.size() + 1), at = std::to_string(out.size());
  return out + "xref\n0 " + count + "\n0000000000 65535 f \n" + table + "trailer\n<< /Size " + count +
         " /Root 1 0 R >>\nstartxref\n" + at + "\n%%EOF\n";
}

Result<> write_papers(const Answers& answers, const std::string& folder, Time now) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (const auto& [file, name] : {std::pair{"request.json", "assistance-full"},
                                   {"request-en.json", "assistance-full-en"},
                                   {"acknowledgement.json", "assistance-acknowledge"},
                                   {"confidentiality.json", "assistance-accept-confidentiality"},
                                   {"supplement-asked.json", "assistance-ask-supplement"},
                                   {"supplement.json", "assistance-supply"},
                                   {"answer.json", "assistance-answer"}})
    TRY(write_json(folder, file, answers.named(name, now)));
  const std::string order = paper(
      "Ordonnance fictive du juge d'instruction - tribunal judiciaire de Vaucelles (demonstration)",
      "Attendu que les faits exposes dans la demande appellent la communication des donnees designees ci-dessus.",
      700'000);
  TRY(client::write_file_whole(std::filesystem::path(folder) / "order.pdf", bytes_of(order), 0644));
  std::string log = "time_utc,account,source_ip,source_port,event\n";
  for (int i = 0; i < 2000; ++i) {
    const Time at = now - std::chrono::hours(24 * 90) + std::chrono::minutes(41) * i;
    log += codec::rfc3339(at) + ",account-4417@courrier.example,198.51.100." + std::to_string(i * 7 % 250 + 1) + "," +
           std::to_string(20000 + i * 13 % 40000) + (i % 9 == 0 ? ",login\n" : ",read\n");
  }
  return client::write_file_whole(std::filesystem::path(folder) / "connection-log.csv", bytes_of(log), 0644);
}

}  // namespace entraide::demo
