#include "ledger/ledger.h"

#include "codec/codec.h"
#include "crypto/digest.h"
#include "merkle/receipt.h"
#include "store/test_databases.h"

namespace entraide::ledger {
namespace {

using merkle::EntryKind;

// The body of an act that says `name`; the same each time. Notes are taken as they are.
std::string body_of(EntryKind kind, const std::string& name) {
  if (kind == EntryKind::note) return name;
  static std::map<std::string, std::string> made;
  if (const auto found = made.find(name); found != made.end()) return found->second;
  static SeededRandom random(5);
  static const crypto::PrivateKey key = crypto::PrivateKey::generate(random);
  act::Act act;
  act.type = "test.say";
  act.nonce = codec::base64url(random.bytes(16));
  act.by = act.for_authority = Subject("org");
  act.device = key.public_key().kid();
  act.at = from_seconds(1'900'000'000);
  act.d = codec::Json::object({{"name", name}});
  const crypto::Signer* const signers[] = {&key};
  return made[name] = MUST(act::sign_act(act, signers));
}
ActId id_of(const std::string& name) { return MUST(act::parse_act(body_of(EntryKind::act, name))).id; }

// A ledger of its own, batch by batch.
struct Book {
  explicit Book(store::Database& database) : connection(MUST(database.connect())) {}

  std::vector<Receipt> write(std::initializer_list<std::pair<EntryKind, std::string>> bodies, bool commit = true) {
    auto transaction = MUST(store::Transaction::begin(connection));
    MUST(connection.lock_ledger());
    Batch batch = MUST(Batch::begin(connection, log, random));
    std::deque<std::string> kept;
    for (const auto& [kind, name] : bodies) {
      const std::string& body = kept.emplace_back(body_of(kind, name));
      if (kind == EntryKind::note) batch.append_note(now, body);
      else batch.append(kind, now, body, crypto::sha256(body), id_of(name));
    }
    auto receipts = MUST(batch.finish());
    if (commit) MUST(transaction.commit());
    return receipts;
  }
  std::vector<std::string> faults() { return MUST(check(connection, log.verifier())).faults; }

  SeededRandom random{11};
  Log log{"test/ledger", crypto::LogSigningKey::generate(random)};
  Time now = from_seconds(1'900'000'000);
  store::Connection connection;
};

void with_a_book(const std::function<void(Book&)>& test) {
  store::on_each_engine([&](const auto& make) {
    store::TestDatabase database = make({});
    MUST(database->migrate(migrations()));
    Book book(*database);
    test(book);
  });
}

}  // namespace

TEST_CASE("a receipt holds for its own entry under the log's key, and stays the same for ever") {
  with_a_book([](Book& book) {
    const auto first = book.write({{EntryKind::dir, "one"}, {EntryKind::act, "two"}, {EntryKind::note, "three"}});
    const auto second = book.write({{EntryKind::act, "four"}});
    REQUIRE(first.size() == 3);
    CHECK(second.front().index == 3);
    const merkle::Policy policy =
        MUST(merkle::Policy::parse("log " + book.log.verifier().vkey() + "\nquorum none\n"));
    const auto holds = [&](const char* name, EntryKind kind, const Receipt& receipt) {
      const std::string body = body_of(EntryKind::act, name);
      return merkle::verify_receipt(bytes_of(body), kind, receipt.proof_text, policy).logged;
    };
    CHECK(holds("two", EntryKind::act, first[1]));
    CHECK(holds("four", EntryKind::act, second[0]));
    CHECK(!holds("two", EntryKind::dir, first[1]));
    CHECK(!holds("two", EntryKind::act, first[0]));
    CHECK(!holds("another", EntryKind::act, first[1]));

    const ActId two = id_of("two");
    CHECK(MUST(find_receipt(book.connection, two))->proof_text == first[1].proof_text);
    CHECK(MUST(find_entry(book.connection, two))->index == 1);
    CHECK(!MUST(find_entry(book.connection, id_of("another"))));
    CHECK(MUST(entry_at(book.connection, 2))->body == "three");
    CHECK(!MUST(entry_at(book.connection, 4)));
    CHECK(MUST(entries_from(book.connection, 1, 10)).size() == 3);
    CHECK(MUST(entries_from(book.connection, 0, 10, EntryKind::dir)).size() == 1);
    CHECK(book.faults().empty());
  });
}

TEST_CASE("a batch that was not committed has never been") {
  with_a_book([](Book& book) {
    book.write({{EntryKind::act, "kept"}});
    const Head before = MUST(head(book.connection));
    book.write({{EntryKind::act, "lost"}}, false);
    CHECK(MUST(head(book.connection)).size == before.size);
    CHECK(MUST(head(book.connection)).root == before.root);
    CHECK(!MUST(find_entry(book.connection, id_of("lost"))));
    CHECK(book.write({{EntryKind::act, "next"}}).front().index == 1);
    CHECK(book.faults().empty());
  });
}

TEST_CASE("a checkpoint is known by its size, for the sizes that were signed and no other") {
  with_a_book([](Book& book) {
    CHECK(!MUST(newest_checkpoint(book.connection)));
    book.write({{EntryKind::act, "one"}, {EntryKind::act, "two"}});
    book.write({{EntryKind::act, "three"}});
    CHECK(MUST(checkpoint_root(book.connection, 0)) == merkle::empty_root());
    CHECK(!MUST(checkpoint_root(book.connection, 1)));
    CHECK(MUST(checkpoint_root(book.connection, 2)).has_value());
    CHECK(MUST(checkpoint_root(book.connection, 3)) == MUST(head(book.connection)).root);
    CHECK(!MUST(checkpoint_root(book.connection, 4)));
    CHECK(MUST(newest_checkpoint(book.connection)) == MUST(checkpoint_at(book.connection, 3)));
  });
}

TEST_CASE("whatever is changed behind the ledger's back is found") {
  const std::pair<const char*, const char*> changes[] = {
      {"a body", "update ledger_leaf set body = 'TWO' where leaf_index = 1"},
      {"a kind", "update ledger_leaf set kind = 'note' where leaf_index = 1"},
      {"a time", "update ledger_leaf set time_s = time_s + 1 where leaf_index = 1"},
      {"a blind",
       "update ledger_leaf set blind = (select blind from ledger_leaf where leaf_index = 0) "
       "where leaf_index = 1"},
      {"a leaf hash",
       "update ledger_leaf set leaf_hash = (select leaf_hash from ledger_leaf where leaf_index = 0) "
       "where leaf_index = 1"},
      {"a leaf that is gone", "delete from ledger_leaf where leaf_index = 2"},
      {"a root",
       "update ledger_checkpoint set root = (select root from ledger_checkpoint where tree_size = 2) "
       "where tree_size = 3"},
      {"the head", "update ledger_head set tree_size = 2"},
  };
  for (const auto& [name, sql] : changes) {
    INFO(name);
    with_a_book([&](Book& book) {
      book.write({{EntryKind::act, "one"}, {EntryKind::act, "two"}});
      book.write({{EntryKind::act, "three"}});
      REQUIRE(book.faults().empty());
      CHECK(MUST(book.connection.execute({"test.damage", sql})) == 1);
      CHECK(!book.faults().empty());
    });
  }
  with_a_book([](Book& book) {
    book.write({{EntryKind::act, "one"}});
    const Log other{"test/ledger", crypto::LogSigningKey::generate(book.random)};
    CHECK(!MUST(check(book.connection, other.verifier())).faults.empty());
  });
}

}  // namespace entraide::ledger
