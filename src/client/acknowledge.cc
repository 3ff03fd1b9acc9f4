#include "client/acknowledge.h"

#include <algorithm>

namespace entraide::client {

using codec::Json;

std::optional<Intent> acknowledgement_of(const OpenedAct& act, const Subject& reader, Acknowledgement what) {
  if (!act.act || !act.verdict.good() || !act.act->case_id) return std::nullopt;
  if (act.opened_told || (act.delivered_told && what == Acknowledgement::delivered)) return std::nullopt;
  const std::vector<Subject>& to = act.act->to;
  if (std::find(to.begin(), to.end(), reader) == to.end()) return std::nullopt;
  Json contents = Json::array();
  for (const OpenedObject& object : act.objects)
    if (what == Acknowledgement::delivered || object.document) contents.push_back(object.ref.content_commitment);
  const bool read = std::any_of(act.objects.begin(), act.objects.end(), [](const OpenedObject& object) {
    return object.ref.role == "doc" && object.document;
  });
  if (what == Acknowledgement::opened && !read) return std::nullopt;
  Intent intent;
  intent.type = what == Acknowledgement::opened ? "ack.opened" : "ack.delivered";
  intent.case_id = act.act->case_id;
  intent.previous = act.id;
  intent.d = Json::object({{"act", act::to_text(act.id)}, {"cc", std::move(contents)}});
  return intent;
}

Result<> acknowledge(Outbox& outbox, const Mirror& mirror, const Author& author, Intent intent, Time now,
                     Random& random) {
  const act::Act act = compose(mirror, author, std::move(intent), now, random);
  const auto sent = outbox.send(TRY(sign(act, author)), {});
  if (!sent && sent.error().rule != "ack.known") return std::unexpected(sent.error());
  return {};
}

}  // namespace entraide::client
