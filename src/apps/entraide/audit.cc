// audit: the whole ledger from its first entry, computed again; and the alarms of this client.

#include "apps/entraide/context.h"
#include "client/files.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {

using codec::Json;

/// A fresh copy, from nothing, beside the one in daily use; then both are held together.
Result<> ledger(Context& context) {
  client::Api* hub = TRY(context.session());
  client::Mirror* daily = TRY(context.mirror());
  const std::filesystem::path file = context.config().data("audit.json");
  TRY(client::remove_file(file));
  client::MirrorOptions options{file, daily->genesis()};
  if (const std::string genesis = context.config().get("genesis"); !genesis.empty())
    options.genesis = TRY(act::act_id_from_text(genesis));
  client::Verdict verdict;
  client::Mirror fresh = TRY(client::Mirror::load(std::move(options)));
  context.out().say("Fetching every entry of the ledger and computing its tree again.");
  auto replayed = fresh.update(*hub);
  if (!replayed && replayed.error().code == Errc::unavailable) return replayed;
  if (verdict.note("replay", replayed, "")) {
    verdict.steps.back().words =
        "the " + std::to_string(fresh.checkpoint().size) + " entries of the ledger give the root that its log signed";
    verdict.holds("directory",
                  "all " + std::to_string(fresh.entries().size()) +
                      " acts of the directory were there, signed by those who may, in order, from genesis " +
                      act::to_text(*fresh.genesis()));
    if (!daily->empty()) {
      const auto same = fresh.require_prefix(*hub, daily->checkpoint().size, daily->checkpoint().root);
      verdict.note("history", same,
                   "it begins with the " + std::to_string(daily->checkpoint().size) +
                       " entries that this client had verified before");
    }
    std::size_t receipts = 0;
    std::error_code none;
    std::optional<Error> broken;
    const merkle::Policy policy = TRY(fresh.policy());
    for (const auto& entry : std::filesystem::directory_iterator(context.config().data("outbox/receipts"), none)) {
      const std::string text = TRY(read_text(entry.path(), merkle::kReceiptBytesMax));
      const auto receipt = merkle::parse_receipt(text);
      const auto log = merkle::NoteVerifier::parse(fresh.directory().genesis()->log_vkey);
      const auto checkpoint =
          receipt && log ? merkle::verify_checkpoint(receipt->checkpoint, *log)
                         : Result<merkle::Checkpoint>(fail(Errc::not_authentic, "receipt.format", "not a receipt"));
      auto held = checkpoint ? fresh.require_prefix(*hub, checkpoint->size, checkpoint->root)
                             : Result<>(std::unexpected(checkpoint.error()));
      if (held) ++receipts;
      else broken = held.error();
    }
    if (broken) verdict.fails("receipts", "a receipt that the hub gave is for another ledger: " + broken->message);
    else
      verdict.holds("receipts", "the trees of all " + std::to_string(receipts) +
                                    " receipts that this client holds are beginnings of it");
  }
  TRY(client::remove_file(file));
  if (context.out().as_json())
    context.out().record(Json::object({{"good", verdict.good()},
                                       {"size", static_cast<std::int64_t>(fresh.checkpoint().size)},
                                       {"root", codec::base64(fresh.checkpoint().root.view())},
                                       {"verdict", json_of(verdict)}}));
  else print_verdict(context.out(), verdict);
  if (const client::Step* failed = verdict.first_failure())
    return fail(Errc::not_authentic, "audit.fails", failed->words);
  return {};
}

Result<> alarms(Context& context) {
  client::Mirror* mirror = TRY(context.mirror());
  Json::Array rows;
  for (const client::Alarm& alarm : mirror->alarms())
    rows.push_back(Json::object({{"at", codec::rfc3339(alarm.at)},
                                 {"rule", alarm.rule},
                                 {"words", alarm.words},
                                 {"evidence", alarm.evidence}}));
  context.out().rows({{"at", "SINCE"}, {"rule", "RULE"}, {"words", "WORDS"}}, rows);
  if (!rows.empty())
    return fail(Errc::not_authentic, "mirror.alarm", "an alarm stands; --json shows the signed evidence");
  context.out().say("No alarm.");
  return {};
}

Result<> clear(Context& context) {
  client::Mirror* mirror = TRY(context.mirror());
  if (mirror->alarms().empty()) return {};
  TRY(context.confirm("Forget " + std::to_string(mirror->alarms().size()) +
                      " alarms? Export them first: `entraide audit alarms --json`."));
  return mirror->clear_alarms();
}

}  // namespace

std::vector<Command> audit_commands() {
  return {
      {"audit",
       "ledger",
       "Compute the whole ledger and the whole directory again, from the first entry",
       {},
       &ledger,
       "entraide audit ledger",
       true},
      {"audit",
       "alarms",
       "Show the alarms of this client, with their evidence",
       {},
       &alarms,
       "entraide audit alarms --json"},
      {"audit", "clear", "Forget the alarms, after a person has looked", {}, &clear, ""},
  };
}

}  // namespace entraide::cli
