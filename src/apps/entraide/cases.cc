// case: one case with everything in it, opened and checked here.

#include "apps/entraide/case_view.h"
#include "client/upload.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {

using codec::Json;

std::string clock_lines(const Json& file, const CaseWords& say) {
  std::string out;
  const Json* clocks = file.find("clocks");
  if (clocks == nullptr || !clocks->is_array()) return out;
  for (const Json& clock : clocks->array_items()) {
    codec::ObjectReader in(clock, "clock");
    const std::string id = in.string("id"), owner = in.string("owner"), due = in.string("due_at"),
                      state = in.string("state");
    if (!in.failed() && state == "running")
      out += "  " + due + "  " + say.rule_word("clock." + id, id) + " (" + owner + ")\n";
  }
  return out;
}

std::string delivery_lines(const std::vector<Delivery>& deliveries) {
  std::string out;
  for (const Delivery& one : deliveries) {
    out += "  to " + one.authority + ": ";
    if (!one.opened_at.empty()) out += "arrived " + one.delivered_at + ", opened " + one.opened_at;
    else if (!one.delivered_at.empty()) out += "arrived " + one.delivered_at + ", not opened as far as they said";
    else if (one.overdue) out += "NOT ACKNOWLEDGED, and was due " + one.due_at + ": telephone";
    else out += "not acknowledged yet" + (one.due_at.empty() ? std::string() : ", due " + one.due_at);
    out += "\n";
  }
  return out;
}

Result<> show_case(Context& context) {
  const CaseView file = TRY(read_case(context, *context.args().get("CASE")));
  const Subject own = TRY(context.authority());
  client::Reader reader = TRY(reader_for(context, own));
  const CaseWords say(*reader.rules, reader.mirror.directory(), {context.language()});
  Json shown = file.json;
  Json opened_acts = Json::array();
  std::string text;
  bool good = true;
  for (const Json& item : file.json.find("acts")->array_items()) {
    codec::ObjectReader in(item, "act");
    const std::string id = in.string("id");
    TRY(in.finish_open());
    const client::OpenedAct opened = TRY(client::open_act(reader, TRY(act::act_id_from_text(id))));
    good = good && opened.verdict.good();
    opened_acts.push_back(json_of(opened));
    const std::string type = opened.act ? opened.act->type : "";
    text += "\n" + codec::rfc3339(opened.time) + "  " + say.rule_word("act." + type, type) + "  [" +
            (opened.act ? opened.act->for_authority.str() : "") + "]\n  " + id + "\n";
    if (const client::Step* failed = opened.verdict.first_failure())
      text += "  DOES NOT HOLD: " + failed->words + "\n";
    text += delivery_lines(deliveries_of(item));
    acknowledge(context, opened, client::Acknowledgement::opened);
    for (const client::OpenedObject& object : opened.objects)
      if (object.document && opened.verdict.good()) text += show_document(say, *object.document);
    for (const client::Step& step : opened.verdict.steps)
      if (step.finding == client::Finding::not_shown && (step.check == "seal" || step.check == "ring"))
        text += "  closed: " + step.words + "\n";
  }
  if (context.out().for_people()) {
    std::string head = file.reference + "\n";
    for (const Json& thread : file.json.find("threads")->array_items()) {
      codec::ObjectReader in(thread, "thread");
      const std::string kind = in.string("kind"), state = in.string("state"), from = in.string("requesting"),
                        to = in.string("requested"), basis = in.string("basis");
      if (!in.failed())
        head += "  " + say.rule_word("kind." + kind, kind) + ": " +
                say.rule_word("state." + kind + "." + state, state) + "; " + say.basis(basis) + "\n  " +
                say.authority(from) + " -> " + say.authority(to) + "\n";
    }
    if (const std::string clocks = clock_lines(file.json, say); !clocks.empty()) head += "Clocks:\n" + clocks;
    std::string can;
    for (const std::string& type : file.can) can += (can.empty() ? "" : ", ") + type;
    context.out().text(safe(head + text + "\nYou can: " + (can.empty() ? "nothing now" : can) + "\n"));
  } else {
    context.out().record(shown.set("opened", std::move(opened_acts)));
  }
  if (!good)
    return fail(Errc::not_authentic, "case.verdict",
                file.reference + ": not everything in this case holds; `entraide act show ID` says what");
  return {};
}

/// Fetches the files of an act, decrypted and checked.
Result<> files(Context& context) {
  const ActId id = TRY(act::act_id_from_text(*context.args().get("ACT")));
  const Subject own = TRY(context.authority());
  client::Reader reader = TRY(reader_for(context, own));
  const client::OpenedAct opened = TRY(client::open_act(reader, id));
  if (const client::Step* failed = opened.verdict.first_failure())
    return fail(Errc::not_authentic, "case.verdict",
                "the act does not hold, so nothing of it is fetched: " + failed->words);
  const std::filesystem::path folder = context.args().get_or("into", ".");
  Json::Array rows;
  for (const client::OpenedObject& object : opened.objects)
    for (const client::FileEntry& file : object.files) {
      // The sender chose the name: only its last part counts, and nothing here is overwritten.
      std::string name = std::filesystem::path(file.name).filename().string();
      if (name.empty() || name == "." || name == ".." || name[0] == '.') name = file.file_id;
      const std::filesystem::path to = folder / safe(name);
      if (std::filesystem::exists(to))
        return fail(Errc::conflict, "file.exists",
                    to.string() + ": there is a file of that name already; give --into another folder");
      TRY(client::download_file(reader.api, file, to));
      rows.push_back(Json::object(
          {{"file", to.string()}, {"size", file.size}, {"sha256", codec::hex(file.plaintext_hash.view())}}));
    }
  context.out().rows({{"file", "FILE"}, {"size", "SIZE"}, {"sha256", "SHA-256"}}, rows);
  return {};
}

}  // namespace

std::vector<Command> case_commands() {
  const Option file{"CASE", "CASE", "reference (FR-2026-00017) or case id", true};
  return {
      {"request",
       "show",
       "Show a case: threads, clocks, acts, everything opened and checked",
       {file, no_acknowledgement()},
       &show_case,
       "entraide request show FR-2026-00017"},
      {"case",
       "show",
       "Show a case: threads, clocks, acts, everything opened and checked",
       {file, no_acknowledgement()},
       &show_case,
       "entraide case show FR-2026-00017"},
      {"case",
       "files",
       "Fetch the files of an act, decrypted and checked",
       {{"ACT", "ACT", "the act's id", true}, {"--into", "DIR", "where to (default: here)"}},
       &files,
       ""},
  };
}

}  // namespace entraide::cli
