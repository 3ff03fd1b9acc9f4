#include "contract/stage.h"

namespace entraide::contract {

using codec::Json;

Json document() {
  static const Json read =
      MUST(codec::parse_json(kit::read_text(ENTRAIDE_SOURCE_DIR "/src/http/api/openapi.json"), {.depth = 32}));
  return read;
}

Stage::Stage(kit::Contract* shared) : own(document()), contract(shared != nullptr ? *shared : own) {
  hub.found({"fr", "ke", "ma"});
  anyone = std::make_unique<kit::Http>(hub);
  watch(*anyone);
  for (const auto& [place, name] :
       {std::pair(&fr, "au:fr:central"), std::pair(&ke, "au:ke:central"), std::pair(&ma, "au:ma:central")}) {
    *place = std::make_unique<kit::Desk>(hub, hub.world().officer_of(name));
    watch((*place)->http());
  }
}

void Stage::watch(kit::Http& http) {
  http.watch = [this](const client::HttpRequest& request, const client::HttpResponse& response) {
    for (const std::string& defect : contract.check(request, response)) FAIL_CHECK(defect);
  };
}

client::HttpResponse Stage::raw(std::string method, std::string path, std::string body,
                                std::vector<std::pair<std::string, std::string>> headers) {
  return MUST(anyone->send({std::move(method), std::string(kit::kUrl) + path, std::move(headers), std::move(body)}));
}

client::HttpResponse Stage::as(kit::Desk& desk, std::string method, std::string path, std::string body,
                               std::vector<std::pair<std::string, std::string>> headers) {
  return desk.exchange({std::move(method), std::move(path), std::move(headers), std::move(body)});
}

client::HttpResponse Stage::submit(const std::string& act, const std::vector<std::string>& objects, bool dry_run) {
  Json list = Json::array();
  for (const std::string& object : objects) list.push_back(object);
  return raw("POST", dry_run ? "/v1/acts?dry-run=true" : "/v1/acts",
             codec::to_json(Json::object({{"act", act}, {"objects", std::move(list)}})));
}

client::Sent Stage::ask() {
  demo::Step step{
      "assistance.request",      kit::answers("assistance-full"), "Stored data of one mailbox, urgent", {}, {},
      {Subject("au:ke:central")}};
  return MUST(fr->act(std::move(step), client::new_case_id(hub.random()), std::nullopt));
}

Visitor::Visitor(Stage& stage, const crypto::Signer& key)
    : http(stage.hub),
      dpop(crypto::PrivateKey::generate(stage.hub.random())),
      api(http, stage.hub.clock(), stage.hub.random(), {.base_url = std::string(kit::kUrl), .attempts = 1}) {
  stage.watch(http);
  api.sign_in_with({&key}, dpop);
}

client::HttpResponse Visitor::ask(std::string method, std::string path, std::string body,
                                  std::vector<std::pair<std::string, std::string>> headers) {
  return MUST(api.exchange({std::move(method), std::move(path), std::move(headers), std::move(body)}, true));
}

std::string verdict(const client::HttpResponse& response) {
  const auto body = codec::parse_json(response.body);
  const Json* rule = body ? body->find("rule") : nullptr;
  return std::to_string(response.status) + (rule != nullptr && response.status >= 400 ? " " + rule->string() : "");
}

Json json_of(const client::HttpResponse& response) {
  return MUST(codec::parse_json(response.body, {.bytes = 16 << 20}));
}

std::string without_trace(const client::HttpResponse& response) {
  Json body = json_of(response);
  REQUIRE(body.find("trace_id") != nullptr);
  body.set("trace_id", "");
  return codec::to_json(body);
}

std::string nothing(std::size_t bytes) { return codec::base64url(Bytes(bytes, 0x5a)); }

}  // namespace entraide::contract
