// request: the everyday work. What may be done is the rulebook's; the short verbs here are found in it by their
// words.

#include <algorithm>

#include "apps/entraide/case_view.h"
#include "apps/entraide/empty_form.h"
#include "apps/entraide/filling.h"
#include "client/files.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {

using codec::Json;

std::string kind_of(const std::string& type) { return type.substr(0, type.find('.')); }

Result<> send_in_case(Context& context, const CaseView& file, const std::string& type, const std::vector<Subject>& to,
                      const std::string& basis) {
  const client::Author author = TRY(context.author());
  Filling filling = TRY(fill(context, type, author.for_authority, &file, to, basis));
  client::Intent intent{type, to, file.id, file.newest, filling.sealed.objects, filling.sealed.d};
  const auto sent = TRY(context.send(author, std::move(intent), std::move(filling.sealed.jwes)));
  if (sent) context.report(*sent, "`entraide case show " + file.reference + "`");
  return {};
}

/// An act in an existing case, by its full type.
Result<> act_in(Context& context, const std::string& name, const std::string& type) {
  const CaseView file = TRY(read_case(context, name));
  const Subject own = TRY(context.authority());
  const Json* thread = file.thread(kind_of(type));
  if (thread == nullptr)
    return fail(Errc::refused, "decide.case",
                file.reference + " has no " + kind_of(type) +
                    " yet; to open one in the same case: `entraide request new " + kind_of(type) + " --in " +
                    file.reference + "`");
  codec::ObjectReader in(*thread, "thread");
  const std::string requesting = in.string("requesting"), requested = in.string("requested"),
                    basis = in.string("basis");
  TRY(in.finish_open());
  std::vector<Subject> to{Subject(own.str() == requesting ? requested : requesting)};
  for (const std::string& other : context.args().all("to"))
    if (const Subject subject = TRY(parse_subject(other)); std::find(to.begin(), to.end(), subject) == to.end())
      to.push_back(subject);
  return send_in_case(context, file, type, to, basis);
}

Result<> generic_act(Context& context) {
  return act_in(context, *context.args().get("CASE"), *context.args().get("TYPE"));
}

struct Refusal {
  std::string rule, words;
};
/// Why none of these acts can be done: what the first rule of the rulebook says that stands against one of them. "Not in
/// this state", "not by this party" say no more than what can be done instead does.
template <class Meant>
Refusal why_not(Context& context, const Json& abilities, std::string rule, Meant meant) {
  const auto rules = context.rules();
  if (!rules || !abilities.is_array()) return {rule, ""};
  for (const Json& one : abilities.array_items()) {
    const std::string against = text_member(one, "rule");
    if (against.empty() || against == "decide.state" || against == "decide.party" || !meant(text_member(one, "act")))
      continue;
    const std::string_view words = (*rules)->word(context.language(), "rule." + against);
    return {against, words.empty() ? "" : std::string(words) + ". "};
  }
  return {rule, ""};
}

/// The act that a short verb means in this case: the one that can be done now and whose word is among `words`.
Result<> by_words(Context& context, const char* verb, std::initializer_list<std::string_view> words) {
  const CaseView file = TRY(read_case(context, *context.args().get("CASE")));
  const std::string kind = context.args().get_or("kind", "");
  std::vector<std::string> found;
  for (const std::string_view word : words)
    for (const std::string& type : file.can)
      if (type.substr(type.find('.') + 1) == word && (kind.empty() || kind_of(type) == kind) &&
          std::find(found.begin(), found.end(), type) == found.end())
        found.push_back(type);
  if (found.size() == 1 || (found.size() > 1 && kind_of(found[0]) != kind_of(found[1]) && !kind.empty()))
    return act_in(context, file.id.str(), found[0]);
  std::string now;
  for (const std::string& type : file.can) now += (now.empty() ? "" : ", ") + type;
  if (found.empty()) {
    client::Api* hub = TRY(context.session());
    const Json abilities = TRY(hub->get("/v1/cases/" + file.id.str() + "/abilities"));
    const Refusal refusal = why_not(context, abilities, "decide.state", [&](const std::string& type) {
      const std::string word = type.substr(type.find('.') + 1);
      return (kind.empty() || kind_of(type) == kind) && std::find(words.begin(), words.end(), word) != words.end();
    });
    return fail(Errc::refused, refusal.rule,
                file.reference + ": `" + verb + "` is not possible now. " + refusal.words +
                    "You can: " + (now.empty() ? "nothing" : now));
  }
  std::string which;
  for (const std::string& type : found) which += (which.empty() ? "" : ", ") + type;
  return fail(Errc::invalid, "usage",
              file.reference + ": `" + verb + "` could mean " + which + "; write `entraide request act " +
                  file.reference + " TYPE`");
}

Result<> ack(Context& context) { return by_words(context, "ack", {"acknowledge"}); }
Result<> answer(Context& context) {
  if (context.args().has("part")) return by_words(context, "answer --part", {"answer-part", "reply-part"});
  return by_words(context, "answer", {"answer", "reply", "confirm", "deliver", "grant"});
}
Result<> ask(Context& context) { return by_words(context, "ask", {"ask-supplement", "ask-clarification", "ask"}); }
Result<> supply(Context& context) { return by_words(context, "supply", {"supply", "supplement", "clarify"}); }
Result<> refuse(Context& context) { return by_words(context, "refuse", {"refuse", "decline", "deny"}); }
Result<> consult(Context& context) { return by_words(context, "consult", {"consult", "answer-consultation"}); }
Result<> postpone(Context& context) { return by_words(context, "postpone", {"postpone", "extend-time"}); }
Result<> withdraw(Context& context) { return by_words(context, "withdraw", {"withdraw"}); }
Result<> status(Context& context) { return by_words(context, "status", {"inquire", "report"}); }
Result<> receive(Context& context) { return by_words(context, "receive", {"receive"}); }
Result<> hand_over(Context& context) { return by_words(context, "handover", {"hand-over"}); }
Result<> close_request(Context& context) { return by_words(context, "close", {"close", "release"}); }

/// The act that opens a kind: given in full, or the only opening act that may be begun.
Result<std::string> opening_act(Context& context, const std::string& kind) {
  if (kind.find('.') != std::string::npos) return kind;
  client::Api* hub = TRY(context.session());
  const Subject own = TRY(context.authority());
  const Json abilities = TRY(hub->get("/v1/abilities?authority=" + client::escape(own.str())));
  std::vector<std::string> found;
  std::string others;
  if (abilities.is_array())
    for (const Json& one : abilities.array_items()) {
      const Json *type = one.find("act"), *allowed = one.find("allowed");
      if (type == nullptr || !type->is_string() || allowed == nullptr || !allowed->is_bool() || !allowed->boolean())
        continue;
      others += (others.empty() ? "" : ", ") + type->string();
      if (kind_of(type->string()) == kind) found.push_back(type->string());
    }
  for (const std::string& type : found)
    if (type == kind + ".request" || found.size() == 1) return type;
  if (found.empty()) {
    const Refusal refusal =
        why_not(context, abilities, "decide.act", [&](const std::string& type) { return kind_of(type) == kind; });
    return fail(Errc::refused, refusal.rule,
                "for " + own.str() + " you may not begin: " + kind + ". " + refusal.words +
                    "You may begin: " + (others.empty() ? "nothing" : others));
  }
  std::string which;
  for (const std::string& type : found) which += (which.empty() ? "" : ", ") + type;
  return fail(Errc::invalid, "usage", "a " + kind + " can begin with " + which + ": name one of them");
}

Result<> open_request(Context& context) {
  const std::string type = TRY(opening_act(context, *context.args().get("KIND")));
  const Subject own = TRY(context.authority());
  std::vector<Subject> to;
  for (const std::string& name : context.args().all("to")) to.push_back(TRY(parse_subject(name)));
  if (to.empty())
    return fail(Errc::invalid, "usage",
                "to whom? give --to au:...; `entraide directory list --country CC` shows the authorities");
  if (const auto name = context.args().get("in")) {
    const CaseView file = TRY(read_case(context, *name));
    return send_in_case(context, file, type, to, "");
  }
  const client::Author author = TRY(context.author());
  Filling filling = TRY(fill(context, type, own, nullptr, to, ""));
  client::Intent intent{type, to, filling.case_id, std::nullopt, filling.sealed.objects, filling.sealed.d};
  const auto sent = TRY(context.send(author, std::move(intent), std::move(filling.sealed.jwes)));
  if (!sent) return {};
  const auto& kinds = TRY(context.rules())->model().kinds;
  const auto begun = kinds.find(kind_of(type));
  const bool acknowledged = begun != kinds.end() && std::ranges::any_of(begun->second.states, [](const auto& state) {
                              return state.name == "acknowledged";
                            });
  context.report(*sent, acknowledged ? "`entraide wait " + sent->reference + " --for state=acknowledged`"
                                     : "`entraide case show " + sent->reference + "`");
  return {};
}

Result<> template_of(Context& context) {
  const rulebook::Rulebook* rules = nullptr;
  std::string type = *context.args().get("TYPE");
  std::optional<rulebook::Rulebook> own;
  if (const auto folder = context.args().get("folder")) {
    own = TRY(rulebook::load_folder(*folder));
    rules = &*own;
  } else {
    rules = TRY(context.rules());
  }
  if (type.find('.') == std::string::npos) type += ".request";
  const std::string basis = context.args().get_or("basis", "");
  const std::string text = TRY(answers_template(*rules, type, basis, context.language()));
  if (const auto file = context.args().get("out")) {
    TRY(client::write_file_whole(*file, bytes_of(text)));
    context.out().say("Wrote " + *file + ". Fill it in, then `entraide request check " + type + " --answers " +
                      *file + "`.");
  } else if (context.out().as_json()) {
    context.out().record(TRY(template_data(*rules, type, basis, context.language())));
  } else {
    context.out().text(text);
  }
  return {};
}

Result<> check_answers(Context& context) {
  std::string type = *context.args().get("TYPE");
  if (type.find('.') == std::string::npos) type += ".request";
  std::optional<rulebook::Rulebook> own;
  if (const auto folder = context.args().get("folder")) own = TRY(rulebook::load_folder(*folder));
  const rulebook::Rulebook* rules = own ? &*own : TRY(context.rules());
  return check_only(context, *rules, type);
}

}  // namespace

std::vector<Command> request_commands() {
  const Option file{"CASE", "CASE", "reference (FR-2026-00017) or case id", true};
  const auto with_answers = [](std::vector<Option> first) {
    for (const Option& option : filling_options()) first.push_back(option);
    return and_sending(std::move(first));
  };
  const Option kind{"--kind", "KIND", "which of the case's kinds is meant"};
  const Option to{"--to", "AU", "a further receiver", false, true};
  const auto verb = [&](const char* name, const char* help, Result<> (*run)(Context&), const char* example = "") {
    return Command{"request", name, help, with_answers({file, kind, to}), run, example};
  };
  std::vector<Option> for_answer =
      with_answers({file, kind, to, {"--part", "", "a partial answer; more will follow"}});
  return {
      {"request", "new", "Ask another authority: fill, seal, sign and send a new request",
       with_answers(
           {{"KIND", "KIND", "preservation, assistance, police-information, contact-point, or an act type", true},
            {"--to", "AU", "to whom; the first is the one that is asked", true, true},
            {"--in", "CASE", "in an existing case: the request that follows a preservation"}}),
       &open_request,
       "entraide request new preservation --to au:ke:contact-point --answers a.yaml --attach order.pdf --summary "
       "'Mail account, 3 days'"},
      {"request",
       "template",
       "Write an empty form to fill in",
       {{"TYPE", "TYPE", "act type, or a kind", true},
        {"--basis", "BASIS", "under which legal basis"},
        {"--out", "FILE", "where to write it"},
        {"--folder", "DIR", "a rulebook folder instead of the one in force"}},
       &template_of,
       "entraide request template assistance --basis uncc.40 --out a.yaml"},
      {"request",
       "check",
       "Check answers against the form, without sending anything",
       {{"TYPE", "TYPE", "act type, or a kind", true},
        {"--answers", "FILE", "YAML or JSON", true},
        {"--set", "FIELD=VALUE", "one more answer", false, true},
        {"--to", "AU", "to whom it would go"},
        {"--basis", "BASIS", "of the case, for acts after the first"},
        {"--folder", "DIR", "a rulebook folder instead of the one in force"}},
       &check_answers,
       "entraide request check assistance --answers a.yaml"},
      {"request", "act", "Do any act that the rulebook allows in a case",
       with_answers({file, {"TYPE", "TYPE", "for example assistance.consult", true}, to}), &generic_act,
       "entraide request act FR-2026-00017 assistance.consult --answers f.yaml"},
      verb("ack", "Acknowledge", &ack, "entraide request ack FR-2026-00017"),
      {"request", "answer", "Answer, with documents and files", for_answer, &answer,
       "entraide request answer FR-2026-00017 --answers f.yaml --attach result.zip"},
      verb("ask", "Ask for what is missing", &ask),
      verb("supply", "Supply what was asked for", &supply),
      verb("refuse", "Refuse, on a ground of the rulebook", &refuse,
           "entraide request refuse FR-2026-00017 --answers refusal.yaml"),
      verb("consult", "Consult before refusing, or answer a consultation", &consult),
      verb("postpone", "Postpone", &postpone),
      verb("withdraw", "Withdraw your request", &withdraw),
      verb("status", "Ask how it stands, or report it", &status),
      verb("receive", "Confirm that the answer has arrived", &receive),
      verb("handover", "Hand over to another authority", &hand_over),
      verb("close", "Close", &close_request),
  };
}

}  // namespace entraide::cli
