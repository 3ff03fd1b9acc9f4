#include "client/fetch.h"

#include <algorithm>

#include "act/act.h"
#include "codec/codec.h"

namespace entraide::client {
namespace {

using codec::Json;
using codec::ObjectReader;

constexpr std::size_t kTogether = 100;  // as many as the hub gives at once

std::unexpected<Error> wrong(const std::string& words) {
  return fail(Errc::not_authentic, "act.record", "many acts: the hub gave " + words);
}

Result<FetchedAct> read_record(const Json& answer) {
  ObjectReader in(answer, "act");
  FetchedAct out;
  out.body = in.string("act");
  out.receipt = in.string("receipt");
  TRY(in.finish_open());
  if (const Json* delivery = answer.find("delivery"); delivery != nullptr) out.delivery = *delivery;
  if (const Json* sealed = answer.find("sealed"); sealed != nullptr && sealed->is_array())
    for (const Json& item : sealed->array_items()) {
      ObjectReader object(item, "act.sealed");
      const std::string hash = object.string("h");
      out.sealed[hash] = object.string("jwe");
      TRY(object.finish_open());
    }
  return out;
}

}  // namespace

Result<FetchedAct> fetch_act(Api& api, const ActId& id) {
  return read_record(TRY(api.get("/v1/acts/" + act::to_text(id))));
}

Result<std::map<ActId, FetchedAct>> fetch_with_summaries(Api& api, std::span<const ActId> ids) {
  std::map<ActId, FetchedAct> out;
  while (!ids.empty()) {
    std::string path = "/v1/acts?sealed=sum&ids=";
    const auto together = ids.first(std::min(ids.size(), kTogether));
    for (const ActId& id : together) path += (&id == together.data() ? "" : ",") + act::to_text(id);
    const Json page = TRY(api.get(path));
    ObjectReader in(page, "acts");
    const Json::Array& items = in.array("items");
    const auto next = in.nullable_string("next");
    TRY(in.finish_open());
    for (const Json& item : items) {
      ObjectReader record(item, "act");
      const std::string id = record.string("id");
      TRY(record.finish_open());
      out[TRY(act::act_id_from_text(id))] = TRY(read_record(item));
    }
    std::size_t answered = together.size();
    if (next) {
      const ActId from = TRY(act::act_id_from_text(*next));
      answered = static_cast<std::size_t>(std::find(together.begin(), together.end(), from) - together.begin());
      if (answered == 0 || answered == together.size()) return wrong("a part, and no way to the rest");
    }
    ids = ids.subspan(answered);
  }
  return out;
}

}  // namespace entraide::client
