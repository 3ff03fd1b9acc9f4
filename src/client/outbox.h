#pragma once

// An act leaves once and only once. It is written down with its sealed objects before it is sent, and struck out only
// when its receipt has been checked, or when the hub has refused it. A program that dies in between, or a network
// that does, leaves it here, and the next one sends the very same bytes: the hub knows them by their digest.

#include "client/mirror.h"

namespace entraide::client {

/// An act that is in the ledger, with the receipt that shows it.
struct Sent {
  ActId id;
  act::Act act;
  std::string body;
  std::int64_t index = 0;
  Time time{};
  std::string kind;
  std::string receipt;
  std::string case_id, reference;
  codec::Json state = codec::Json::object();
  bool is_new = false;
};

class Outbox {
 public:
  /// `folder` holds what is on its way and `receipts/` what has arrived.
  Outbox(std::filesystem::path folder, Api& api, Mirror& mirror)
      : folder_(std::move(folder)), api_(api), mirror_(mirror) {}

  /// Writes down, sends, checks the receipt (inclusion, the log's signature, our tree is its beginning or the other
  /// way round), notes the counters, strikes out. Refusals strike out too; failures that may pass (Errc::unavailable)
  /// leave the act here. Rules: outbox.receipt (Errc::not_authentic), and the hub's.
  Result<Sent> send(const std::string& body, const std::vector<std::string>& objects);
  /// Sends again what an earlier run left. What the hub refuses now was never accepted.
  struct Resumed {
    ActId id;
    Result<Sent> outcome;
  };
  Result<std::vector<Resumed>> resume();
  bool pending() const;
  /// The receipt of an act that this outbox sent. Rule: file.missing.
  Result<std::string> receipt_of(const ActId& id) const;

 private:
  Result<Sent> deliver(const act::SignedAct& act, const std::vector<std::string>& objects);
  Result<> check(const act::SignedAct& act, const SubmitAnswer& answer);
  std::filesystem::path path_of(const ActId& id) const;

  std::filesystem::path folder_;
  Api& api_;
  Mirror& mirror_;
};

/// Checks that an act is in the ledger of the mirror: the receipt for its body, the log's signature, and that the
/// receipt's tree and the verified tree are one. Brings the mirror up to date where the receipt is newer. Gives the
/// receipt.
Result<merkle::Receipt> check_receipt(Api& api, Mirror& mirror, const act::SignedAct& act, std::string_view receipt);

}  // namespace entraide::client
