#include "ledger/ledger.h"

#include "ledger/rows.h"

#include "codec/codec.h"
#include "crypto/digest.h"

namespace entraide::ledger {
namespace {

using store::Migration;
using store::Sql;

constexpr Migration kMigrations[] = {{"ledger", 1, R"sql(
  create table ledger_leaf (
    leaf_index bigint primary key,
    kind text not null,
    time_s bigint not null,
    act_id bytes check (act_id is null or length(act_id) = 32),
    body text not null,
    blind bytes not null check (length(blind) = 32),
    body_digest bytes not null check (length(body_digest) = 32),
    leaf_hash bytes not null check (length(leaf_hash) = 32),
    tree_size bigint not null,
    proof bytes not null
  );
  create unique index ledger_leaf_act on ledger_leaf (act_id) where act_id is not null;
  create index ledger_leaf_dir on ledger_leaf (leaf_index) where kind = 'dir';
  create table ledger_head (
    id bigint primary key check (id = 1),
    tree_size bigint not null,
    frontier bytes not null,
    last_time_s bigint not null
  );
  create table ledger_checkpoint (
    tree_size bigint primary key,
    root bytes not null check (length(root) = 32),
    note text not null
  );
)sql"}};

constexpr Sql kHead{"ledger.head", "select tree_size, frontier, last_time_s from ledger_head where id = 1"};
constexpr Sql kPutHead{"ledger.put_head", R"sql(
  insert into ledger_head (id, tree_size, frontier, last_time_s) values (1, $1, $2, $3)
  on conflict (id) do update set tree_size = excluded.tree_size, frontier = excluded.frontier,
                                 last_time_s = excluded.last_time_s)sql"};
constexpr Sql kPutLeaf{"ledger.put_leaf", R"sql(
  insert into ledger_leaf (leaf_index, kind, time_s, act_id, body, blind, body_digest, leaf_hash, tree_size, proof)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10))sql"};
constexpr Sql kPutCheckpoint{"ledger.put_checkpoint",
                             "insert into ledger_checkpoint (tree_size, root, note) values ($1, $2, $3)"};
constexpr Sql kLeafByAct{"ledger.leaf_by_act", R"sql(
  select leaf_index, kind, time_s, act_id, body, blind, tree_size, proof from ledger_leaf where act_id = $1)sql"};
constexpr Sql kIndexByAct{"ledger.index_by_act", "select leaf_index from ledger_leaf where act_id = $1"};
constexpr Sql kLeafByIndex{"ledger.leaf_by_index", R"sql(
  select leaf_index, kind, time_s, act_id, body, blind, tree_size, proof from ledger_leaf where leaf_index = $1)sql"};
constexpr Sql kLeavesFrom{"ledger.leaves_from", R"sql(
  select leaf_index, kind, time_s, act_id, body, blind, tree_size, proof from ledger_leaf
  where leaf_index >= $1 order by leaf_index limit $2)sql"};
constexpr Sql kLeavesBetween{"ledger.leaves_between", R"sql(
  select kind, time_s, blind, body_digest from ledger_leaf
  where leaf_index >= $1 and leaf_index < $2 order by leaf_index)sql"};
constexpr Sql kDirLeavesFrom{"ledger.dir_leaves_from", R"sql(
  select leaf_index, kind, time_s, act_id, body, blind, tree_size, proof from ledger_leaf
  where kind = 'dir' and leaf_index >= $1 order by leaf_index limit $2)sql"};
constexpr Sql kRootAt{"ledger.root_at", "select root from ledger_checkpoint where tree_size = $1"};
constexpr Sql kCheckpointAt{"ledger.checkpoint_at", "select note from ledger_checkpoint where tree_size = $1"};
constexpr Sql kNewestCheckpoint{"ledger.newest_checkpoint",
                                "select note from ledger_checkpoint order by tree_size desc limit 1"};

Bytes bytes_of_proof(const merkle::Proof& proof) {
  Bytes out;
  out.reserve(proof.size() * 32);
  for (const Digest& hash : proof) append(out, hash.view());
  return out;
}

Result<std::optional<Digest>> root_of(const store::Rows& rows) {
  return rows.empty() ? std::nullopt : std::optional(rows.front().hash<Digest>(0));
}

Result<std::optional<Entry>> one(const store::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return TRY(entry_of(rows.front()));
}

Result<std::optional<std::string>> note_of(const store::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return std::string(rows.front().text(0));
}

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

merkle::NoteVerifier Log::verifier() const { return {origin, merkle::SignatureType::ed25519, key.verify_key()}; }

Result<Entry> entry_of(const store::Row& row) {
  Entry entry;
  entry.index = row.integer(0);
  entry.kind = TRY(merkle::entry_kind_from_text(row.text(1)));
  entry.unix_seconds = row.integer(2);
  if (!row.is_null(3)) entry.act_id = row.hash<ActId>(3);
  entry.body = row.text(4);
  entry.blind = row.hash<merkle::Blind>(5);
  entry.tree_size = row.integer(6);
  const BytesView proof = row.blob(7);
  ENSURE(proof.size() % 32 == 0);
  for (std::size_t i = 0; i < proof.size(); i += 32)
    entry.proof.push_back(codec::hash_from_bytes<Digest>(proof.subspan(i, 32)));
  return entry;
}

Digest leaf_hash_of(merkle::EntryKind kind, std::int64_t unix_seconds, const merkle::Blind& blind,
                    const Digest& body_digest) {
  const merkle::Entry entry{kind, unix_seconds, merkle::commit(blind, body_digest)};
  return merkle::leaf_hash(bytes_of(merkle::to_text(entry)));
}

Result<store::Later<Batch::Start>> Batch::ask(store::Connection& connection) {
  return store::Later<Start>::ask(connection, kHead, {}, [](const store::Rows& rows) -> Result<Start> {
    Start out;
    if (rows.empty()) return out;
    out.frontier = TRY(merkle::Frontier::parse(rows.front().blob(1)));
    out.last_time = from_seconds(rows.front().integer(2));
    if (static_cast<std::int64_t>(out.frontier.size()) != rows.front().integer(0))
      return fail(Errc::storage, "ledger.head",
                  "ledger: the frontier does not fit the tree size; run `entraided fsck` before serving");
    return out;
  });
}

Batch Batch::begin(store::Connection& connection, const Log& log, Random& random, Start start) {
  Batch batch(connection, log, random);
  batch.before_ = start.frontier;
  batch.last_time_ = start.last_time;
  return batch;
}

Result<Batch> Batch::begin(store::Connection& connection, const Log& log, Random& random) {
  auto start = TRY(ask(connection));
  return begin(connection, log, random, TRY(start.take()));
}

std::int64_t Batch::append(merkle::EntryKind kind, Time time, std::string_view body, const Digest& body_digest,
                           std::optional<ActId> act_id) {
  ENSURE(time >= last_time_);
  Leaf& leaf = leaves_.emplace_back(Leaf{next_index(), kind, to_seconds(time), act_id, body, {}, body_digest});
  random_->fill(leaf.blind.value);
  last_time_ = from_seconds(leaf.unix_seconds);
  if (act_id) positions_.emplace(*act_id, leaves_.size() - 1);
  return leaf.index;
}

std::int64_t Batch::append_note(Time time, std::string body) {
  const std::string& kept = notes_.emplace_back(std::move(body));
  return append(merkle::EntryKind::note, time, kept, crypto::sha256(kept), std::nullopt);
}

std::optional<std::size_t> Batch::find(const ActId& id) const {
  const auto found = positions_.find(id);
  return found == positions_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<Receipt>> Batch::finish() {
  ENSURE(!leaves_.empty());
  std::vector<Digest> hashes;
  hashes.reserve(leaves_.size());
  for (const Leaf& leaf : leaves_)
    hashes.push_back(leaf_hash_of(leaf.kind, leaf.unix_seconds, leaf.blind, leaf.body_digest));

  const merkle::BatchProver prover(before_, hashes);
  root_ = prover.root();
  const merkle::SignedCheckpoint checkpoint =
      merkle::sign_checkpoint({log_->origin, prover.tree_size(), prover.root()}, log_->key);
  const std::string note = merkle::to_text(checkpoint.note);
  const auto tree_size = static_cast<std::int64_t>(prover.tree_size());

  std::vector<Receipt> receipts;
  receipts.reserve(leaves_.size());
  for (std::size_t i = 0; i < leaves_.size(); ++i) {
    const Leaf& leaf = leaves_[i];
    const merkle::Proof proof = prover.inclusion(i);
    TRY(connection_->execute_later(
        kPutLeaf, {leaf.index, merkle::to_text(leaf.kind), leaf.unix_seconds, leaf.act_id, leaf.body, leaf.blind,
                   leaf.body_digest, hashes[i], tree_size, bytes_of_proof(proof)}));
    receipts.push_back(
        {leaf.index, leaf.unix_seconds,
         merkle::receipt_text(leaf.blind, leaf.unix_seconds, static_cast<std::uint64_t>(leaf.index), proof, note)});
  }
  TRY(connection_->execute_later(kPutCheckpoint, {tree_size, prover.root(), note}));
  TRY(connection_->execute_later(kPutHead, {tree_size, prover.frontier().serialise(), to_seconds(last_time_)}));
  return receipts;
}

Result<std::optional<Entry>> find_entry(store::Connection& connection, const ActId& id) {
  return one(TRY(connection.query(kLeafByAct, {id})));
}
Result<store::Later<std::optional<Entry>>> ask_entry(store::Connection& connection, const ActId& id) {
  return store::Later<std::optional<Entry>>::ask(connection, kLeafByAct, {id}, one);
}
Result<store::Later<std::optional<std::int64_t>>> ask_index(store::Connection& connection, const ActId& id) {
  using Index = std::optional<std::int64_t>;
  return store::Later<Index>::ask(connection, kIndexByAct, {id}, [](const store::Rows& rows) -> Result<Index> {
    return rows.empty() ? std::nullopt : Index(rows.front().integer(0));
  });
}
Result<std::optional<Entry>> entry_at(store::Connection& connection, std::int64_t index) {
  return one(TRY(connection.query(kLeafByIndex, {index})));
}

Result<std::vector<Entry>> entries_from(store::Connection& connection, std::int64_t from, std::int64_t limit,
                                        std::optional<merkle::EntryKind> kind) {
  ENSURE(!kind || *kind == merkle::EntryKind::dir);  // the one kind with an index of its own
  std::vector<Entry> out;
  const store::Rows rows = TRY(connection.query(kind ? kDirLeavesFrom : kLeavesFrom, {from, limit}));
  for (const store::Row row : rows) out.push_back(TRY(entry_of(row)));
  return out;
}

Result<std::vector<merkle::Entry>> leaves_between(store::Connection& connection, std::int64_t from, std::int64_t to) {
  std::vector<merkle::Entry> out;
  const store::Rows rows = TRY(connection.query(kLeavesBetween, {from, to}));
  for (const store::Row row : rows)
    out.push_back({TRY(merkle::entry_kind_from_text(row.text(0))), row.integer(1),
                   merkle::commit(row.hash<merkle::Blind>(2), row.hash<Digest>(3))});
  if (static_cast<std::int64_t>(out.size()) != to - from)
    return fail(Errc::storage, "ledger.gap",
                "ledger: entries are missing between " + std::to_string(from) + " and " + std::to_string(to) +
                    "; run `entraided fsck`");
  return out;
}

Result<Receipt> receipt_of(store::Connection& connection, const Entry& entry) {
  return receipt_of(entry, TRY(checkpoint_at(connection, entry.tree_size)));
}
Result<Receipt> receipt_of(const Entry& entry, const std::optional<std::string>& checkpoint) {
  if (!checkpoint)
    return fail(
        Errc::storage, "ledger.checkpoint",
        "ledger: the checkpoint of size " + std::to_string(entry.tree_size) + " is gone; run `entraided fsck`");
  return Receipt{entry.index, entry.unix_seconds,
                 merkle::receipt_text(entry.blind, entry.unix_seconds, static_cast<std::uint64_t>(entry.index),
                                      entry.proof, *checkpoint)};
}

Result<std::optional<Receipt>> find_receipt(store::Connection& connection, const ActId& id) {
  const auto entry = TRY(find_entry(connection, id));
  if (!entry) return std::nullopt;
  return TRY(receipt_of(connection, *entry));
}

Result<Head> head(store::Connection& connection) {
  const store::Rows rows = TRY(connection.query(kHead));
  if (rows.empty()) return Head{0, merkle::empty_root()};
  const auto frontier = TRY(merkle::Frontier::parse(rows.front().blob(1)));
  return Head{rows.front().integer(0), frontier.root()};
}

Result<std::optional<Digest>> checkpoint_root(store::Connection& connection, std::int64_t size) {
  return size == 0 ? merkle::empty_root() : TRY(root_of(TRY(connection.query(kRootAt, {size}))));
}
Result<store::Later<std::optional<Digest>>> ask_checkpoint_root(store::Connection& connection, std::int64_t size) {
  return store::Later<std::optional<Digest>>::ask(connection, kRootAt, {size}, root_of);
}

Result<std::optional<std::string>> checkpoint_at(store::Connection& connection, std::int64_t size) {
  return note_of(TRY(connection.query(kCheckpointAt, {size})));
}
Result<store::Later<std::optional<std::string>>> ask_checkpoint_at(store::Connection& connection, std::int64_t size) {
  return store::Later<std::optional<std::string>>::ask(connection, kCheckpointAt, {size}, note_of);
}

Result<std::optional<std::string>> newest_checkpoint(store::Connection& connection) {
  return note_of(TRY(connection.query(kNewestCheckpoint)));
}

}  // namespace entraide::ledger
