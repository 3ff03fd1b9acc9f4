#include <fstream>
#include <sstream>

#include "codec/codec.h"
#include "crypto/digest.h"
#include "rulebook/loader.h"

namespace entraide::rulebook {

using codec::Json;

namespace {

constexpr std::size_t kFileBytesMax = 1 << 20;
constexpr std::size_t kBundleBytesMax = 16 << 20;
constexpr std::size_t kFilesMax = 2000;

bool is_example(std::string_view path) { return path.starts_with("examples/"); }

/// "kinds/preservation.json" to "preservation".
std::string_view stem(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);
  path.remove_suffix(std::string_view(".json").size());
  return path;
}

std::string manifest_of(const Files& files) {
  Json manifest = Json::object();
  for (const auto& [path, text] : files) manifest.members().emplace_back(path, codec::to_text(crypto::sha256(text)));
  return codec::canonical_json(manifest);
}

Result<Json> parse_file(const std::string& path, const std::string& text) {
  auto parsed = codec::parse_json(text, {.bytes = kFileBytesMax, .depth = 24, .values = 100'000});
  if (!parsed) return refuse("rulebook.syntax", path, parsed.error().message);
  return std::move(*parsed);
}

Result<> load_json(const std::string& path, const Json& json, Loading& loading) {
  const At at{json, path + "#"};
  loading.confidence.clear();
  const std::size_t slash = path.find('/');
  const std::string_view folder = slash == std::string::npos ? "" : std::string_view(path).substr(0, slash);
  const bool deep = slash != std::string::npos && path.find('/', slash + 1) != std::string::npos;
  if (path == "rulebook.json") return load_platform(at, loading);
  if (path == "rules-of-use.json") return load_use(at, loading);
  if (path == "directory.json") return load_directory(at, loading);
  if (path == "delivery.json") return load_delivery(at, loading);
  if (folder == "words" && deep) {
    const std::string_view rest = std::string_view(path).substr(slash + 1);
    return load_words(at, rest.substr(0, rest.find('/')), loading);
  }
  if (!deep) {
    if (folder == "instruments") return load_instrument(at, stem(path), loading);
    if (folder == "vocab") return load_vocab(at, stem(path), loading);
    if (folder == "profiles") return load_profile(at, stem(path), loading);
    if (folder == "forms") return load_form(at, stem(path), loading);
    if (folder == "kinds") return load_kind(at, stem(path), loading);
  }
  return refuse("rulebook.file", path, "no file of the rulebook is called so; see docs/formats/rulebook.md");
}

Result<> load_file(const std::string& path, const std::string& text, Loading& loading) {
  const Json json = TRY(parse_file(path, text));
  Result<> result = load_json(path, json, loading);
  if (!result && result.error().rule == "json.member") result.error().rule = "rulebook.member";
  return result;
}

}  // namespace

std::unexpected<Error> refuse(std::string rule, const std::string& where, const std::string& what) {
  return fail(Errc::invalid, std::move(rule), where + ": " + what, where);
}

Result<Files> read_folder(const std::filesystem::path& folder) {
  Files files;
  std::error_code error;
  std::filesystem::recursive_directory_iterator it(folder, error);
  if (error) return fail(Errc::not_found, "rulebook.folder", "rulebook: cannot read folder " + folder.string());
  for (; it != std::filesystem::recursive_directory_iterator(); it.increment(error)) {
    if (error) return fail(Errc::internal, "rulebook.folder", "rulebook: cannot read folder " + folder.string());
    if (!it->is_regular_file(error) || it->path().extension() != ".json") continue;
    const std::string name = it->path().lexically_relative(folder).generic_string();
    std::ifstream in(it->path(), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) return refuse("rulebook.file", name, "cannot be read");
    files[name] = std::move(text).str();
  }
  return files;
}

Result<Rulebook> load(Files files) {
  auto model = std::make_unique<Model>();
  if (files.size() > kFilesMax) return refuse("rulebook.file", "rulebook", "more than 2000 files");
  for (auto& [path, text] : files) {
    if (text.size() > kFileBytesMax) return refuse("rulebook.file", path, "larger than 1 MiB");
    (is_example(path) ? model->examples : model->files)[path] = std::move(text);
  }
  if (!model->files.contains("rulebook.json")) return refuse("rulebook.file", "rulebook.json", "is missing");
  Loading loading{*model, {}, {}};
  // The platform file first: the others are checked against its lists.
  TRY(load_file("rulebook.json", model->files.find("rulebook.json")->second, loading));
  for (const auto& [path, text] : model->files)
    if (path != "rulebook.json") TRY(load_file(path, text, loading));
  TRY(link(loading));
  model->digest = crypto::sha256(manifest_of(model->files));
  return Rulebook(std::move(model));
}

Result<Rulebook> load_folder(const std::filesystem::path& folder) {
  Files files = TRY(read_folder(folder));
  return load(std::move(files));
}

Result<Rulebook> load_bundle(BytesView bundle) {
  auto parsed = codec::parse_json(bundle, {.bytes = kBundleBytesMax, .depth = 3, .values = 2 * kFilesMax});
  if (!parsed) return refuse("rulebook.bundle", "bundle", parsed.error().message);
  const Json* members = parsed->find("files");
  if (members == nullptr || !members->is_object() || parsed->members().size() != 1)
    return refuse("rulebook.bundle", "bundle", "must be an object with the one member `files`");
  Files files;
  for (const auto& [path, text] : members->members()) {
    if (!text.is_string()) return refuse("rulebook.bundle", path, "must be a text");
    if (is_example(path)) return refuse("rulebook.bundle", path, "examples do not travel in a bundle");
    files[path] = text.string();
  }
  return load(std::move(files));
}

Rulebook::Rulebook(std::unique_ptr<const Model> model) : model_(std::move(model)) { ENSURE(model_ != nullptr); }
Rulebook::Rulebook(Rulebook&&) noexcept = default;
Rulebook& Rulebook::operator=(Rulebook&&) noexcept = default;
Rulebook::~Rulebook() = default;

const Digest& Rulebook::digest() const { return model_->digest; }

std::string Rulebook::bundle() const {
  Json files = Json::object();
  for (const auto& [path, text] : model_->files) files.members().emplace_back(path, text);
  return codec::canonical_json(Json::object({{"files", std::move(files)}}));
}

std::string_view Rulebook::word(std::string_view language, std::string_view key) const {
  const auto words = model_->words.find(language);
  if (words == model_->words.end()) return {};
  const auto found = words->second.find(key);
  return found == words->second.end() ? std::string_view() : std::string_view(found->second);
}

const std::vector<std::string>& Rulebook::languages() const { return model_->languages; }

std::vector<std::string> Rulebook::act_types() const {
  std::vector<std::string> out;
  for (const auto& [id, kind] : model_->kinds)
    for (const Transition& transition : kind.transitions)
      if (transition.by != By::clock) out.push_back(transition.t);
  return out;
}

}  // namespace entraide::rulebook
