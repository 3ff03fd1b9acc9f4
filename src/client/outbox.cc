#include "client/outbox.h"

#include <algorithm>

#include "client/files.h"
#include "codec/codec.h"

namespace entraide::client {
namespace {

using codec::Json;
using codec::ObjectReader;

constexpr std::size_t kPendingBytesMax = 64 << 20;

/// Whether a failure leaves it open if the hub has taken the act.
bool may_have_arrived(const Error& error) {
  // A bare status is not the hub's word: something between us and it may have spoken.
  return error.code == Errc::unavailable || error.code == Errc::internal || error.code == Errc::storage ||
         error.rule == "http.status";
}

}  // namespace

std::filesystem::path Outbox::path_of(const ActId& id) const { return folder_ / (act::to_text(id) + ".json"); }

Result<Sent> Outbox::send(const std::string& body, const std::vector<std::string>& objects) {
  const act::SignedAct act = TRY(act::parse_act(body));
  Json list = Json::array();
  for (const std::string& object : objects) list.push_back(object);
  const std::string text = codec::to_json(Json::object({{"act", body}, {"objects", std::move(list)}}));
  TRY(write_file_whole(path_of(act.id), bytes_of(text)));
  return deliver(act, objects);
}

Result<Sent> Outbox::deliver(const act::SignedAct& act, const std::vector<std::string>& objects) {
  auto answer = api_.submit(act.body, objects);
  if (!answer) {
    if (!may_have_arrived(answer.error())) TRY(remove_file(path_of(act.id)));
    Error error = std::move(answer).error();
    if (may_have_arrived(error))
      error.message +=
          "; the act is kept and goes out again, the very same, with the next command or `entraide act resume`";
    return std::unexpected(std::move(error));
  }
  TRY(check(act, *answer));
  TRY(write_file_whole(folder_ / "receipts" / (answer->id + ".tlog-proof"), bytes_of(answer->receipt)));
  TRY(mirror_.note_sent(act.act));
  TRY(remove_file(path_of(act.id)));
  return Sent{act.id,        act.act,         act.body,        answer->index,     answer->time,
              answer->kind,  answer->receipt, answer->case_id, answer->reference, std::move(answer->state),
              answer->is_new};
}

Result<> Outbox::check(const act::SignedAct& act, const SubmitAnswer& answer) {
  const auto wrong = [](std::string words) {
    return fail(Errc::not_authentic, "outbox.receipt",
                "the hub's receipt does not hold: " + std::move(words) + "; do not count the act as sent");
  };
  if (answer.id != act::to_text(act.id)) return wrong("it is for another act");
  const auto receipt = check_receipt(api_, mirror_, act, answer.receipt);
  if (!receipt) {
    // What could not be checked is not what does not hold.
    if (receipt.error().code == Errc::unavailable || receipt.error().code == Errc::unauthenticated ||
        receipt.error().rule == "mirror.alarm")
      return std::unexpected(receipt.error());
    return wrong(receipt.error().message);
  }
  if (static_cast<std::int64_t>(receipt->leaf_index) != answer.index ||
      receipt->unix_seconds != to_seconds(answer.time))
    return wrong("its index or time is not what the hub said");
  return {};
}

Result<merkle::Receipt> check_receipt(Api& api, Mirror& mirror, const act::SignedAct& act, std::string_view text) {
  const merkle::EntryKind kind =
      directory::is_directory_act(act.act.type) ? merkle::EntryKind::dir : merkle::EntryKind::act;
  if (mirror.empty() && act.act.type != "dir.genesis") TRY(mirror.update(api));
  std::string policy_text;
  if (mirror.empty()) {
    // The organisation's first act: the log that it names itself.
    const Json* log = act.act.d.find("log");
    policy_text = "log " + (log != nullptr && log->is_string() ? log->string() : "") + "\nquorum none\n";
  } else {
    policy_text = mirror.policy_text();
  }
  const merkle::Policy policy = TRY(merkle::Policy::parse(policy_text));
  const merkle::ReceiptVerdict verdict = merkle::verify_receipt(act.body_digest, kind, text, policy);
  if (!verdict.logged || !verdict.receipt) {
    for (const merkle::ReceiptStep& step : verdict.steps)
      if (!step.holds)
        return fail(Errc::not_authentic, "receipt." + std::string(merkle::to_text(step.check)), step.words);
    return fail(Errc::not_authentic, "receipt.format", "the receipt shows nothing");
  }
  if (mirror.empty()) return *verdict.receipt;
  const merkle::Checkpoint& seen = verdict.receipt->checkpoint.checkpoint;
  // The hub answers once the act is on disk; its static files follow a moment later.
  for (int attempt = 0; attempt < 40 && seen.size > mirror.checkpoint().size; ++attempt) {
    if (attempt > 0) api.pause(Milliseconds{100});
    TRY(mirror.update(api));
  }
  if (seen.size > mirror.checkpoint().size)
    return fail(Errc::unavailable, "mirror.ahead",
                "the hub does not publish yet the tree of " + std::to_string(seen.size) +
                    " entries that its receipt speaks of");
  TRY(mirror.require_prefix(api, seen.size, seen.root));
  return *verdict.receipt;
}

bool Outbox::pending() const {
  std::error_code none;
  for (const auto& file : std::filesystem::directory_iterator(folder_, none))
    if (file.path().extension() == ".json") return true;
  return false;
}

Result<std::vector<Outbox::Resumed>> Outbox::resume() {
  std::vector<std::filesystem::path> files;
  std::error_code none;
  for (const auto& file : std::filesystem::directory_iterator(folder_, none))
    if (file.path().extension() == ".json") files.push_back(file.path());
  struct Waiting {
    act::SignedAct act;
    std::vector<std::string> objects;
  };
  std::vector<Waiting> waiting;
  for (const auto& file : files) {
    const Bytes bytes = TRY(read_file(file, kPendingBytesMax));
    const Json value = TRY(codec::parse_json(bytes, {.bytes = kPendingBytesMax}));
    ObjectReader in(value, file.string());
    const std::string body = in.string("act");
    std::vector<std::string> objects = in.strings("objects");
    TRY(in.finish());
    waiting.push_back({TRY(act::parse_act(body)), std::move(objects)});
  }
  // In the order of the counters, so that none of them opens a gap for the next.
  std::sort(waiting.begin(), waiting.end(),
            [](const Waiting& a, const Waiting& b) { return a.act.act.at < b.act.act.at; });
  std::vector<Resumed> out;
  for (const Waiting& one : waiting) out.push_back({one.act.id, deliver(one.act, one.objects)});
  return out;
}

Result<std::string> Outbox::receipt_of(const ActId& id) const {
  const Bytes bytes =
      TRY(read_file(folder_ / "receipts" / (act::to_text(id) + ".tlog-proof"), merkle::kReceiptBytesMax));
  return std::string(text_of(bytes));
}

}  // namespace entraide::client
