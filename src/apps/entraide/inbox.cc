// inbox: what waits for the authority, ordered by what is due first; summaries opened here, never on the hub.

#include "apps/entraide/case_view.h"
#include "apps/entraide/due.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {

using codec::Json;

/// What narrows the list, as it is asked of the hub. Rule: usage.
Result<std::string> filters_of(Context& context) {
  const std::string kind = context.args().get_or("kind", ""), state = context.args().get_or("state", "");
  TRY(check_state(*TRY(context.rules()), kind, state));
  std::string out;
  for (const auto& [name, value] :
       {std::pair{"kind", kind}, std::pair{"state", state}, std::pair{"country", TRY(country_option(context.args()))},
        std::pair{"limit", context.args().get_or("limit", "")}})
    if (!value.empty()) out += "&" + std::string(name) + "=" + client::escape(value);
  return out;
}

Result<> list_view(Context& context, const std::string& view) {
  client::Api* hub = TRY(context.session());
  const Subject authority = TRY(context.authority());
  std::string path = "/v1/cases?authority=" + client::escape(authority.str()) + "&view=" + view;
  const std::string filter = TRY(filters_of(context));
  path += filter;
  Json::Array rows;
  std::string cursor;
  const bool all = context.args().has("all");
  do {
    const Json page = TRY(hub->get(path + (cursor.empty() ? "" : "&cursor=" + client::escape(cursor))));
    codec::ObjectReader in(page, "cases");
    for (const Json& item : in.array("items")) rows.push_back(item);
    cursor = in.nullable_string("next").value_or("");
    TRY(in.finish_open());
  } while (all && !cursor.empty());

  std::optional<client::Reader> reader;
  if (!context.args().has("no-open") && !rows.empty()) {
    auto made = reader_for(context, authority);
    if (made) reader.emplace(*made);
    else context.out().say("Summaries stay closed: " + made.error().message);
  }
  std::vector<Result<std::string>> summaries;
  if (reader) summaries = open_summaries(context, *reader, rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Json& row = rows[i];
    row.set("due", first_due(row, authority.str()));
    std::string words;
    if (reader) {
      const auto& text = summaries[i];
      words = text ? *text : text.error().code == Errc::not_authentic ? "NOT AUTHENTIC: " + text.error().message : "";
    }
    row.set("summary_text", words);
    const Json* turn = row.find("turn");
    row.set("your_turn", turn != nullptr && turn->is_string() && turn->string() == authority.str());
  }
  context.out().rows({{"reference", "REFERENCE"},
                      {"due", "DUE"},
                      {"kind", "KIND"},
                      {"state", "STATE"},
                      {"requesting", "FROM"},
                      {"requested", "TO"},
                      {"summary_text", "SUMMARY"}},
                     rows);
  if (rows.empty())
    context.out().say((view == "inbox" ? "Nothing waits for " + authority.str() : std::string("No cases")) +
                      (filter.empty() ? "." : ", of those asked for."));
  else if (!cursor.empty()) context.out().say("There are more; --all shows them.");
  return {};
}

Result<> inbox(Context& context) { return list_view(context, "inbox"); }
Result<> requests(Context& context) { return list_view(context, context.args().get_or("view", "all")); }

const std::vector<Option>& filters() {
  static const std::vector<Option> all = {{"--kind", "KIND", "only this kind"},
                                          {"--state", "STATE", "only this state"},
                                          {"--country", "CC", "only with this country"},
                                          {"--limit", "N", "at most so many"},
                                          {"--all", "", "all pages"},
                                          {"--no-open", "", "do not open the sealed summaries"},
                                          no_acknowledgement()};
  return all;
}

}  // namespace

std::vector<Command> inbox_commands() {
  std::vector<Option> with_view = filters();
  with_view.push_back({"--view", "VIEW", "inbox, sent, open, closed or all"});
  return {
      {"inbox", "list", "List what waits for your authority, what is due first", filters(), &inbox,
       "entraide inbox --json=reference,due", true},
      {"request", "list", "List the cases of your authority", with_view, &requests,
       "entraide request list --view sent", true},
  };
}

}  // namespace entraide::cli
