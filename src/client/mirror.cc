#include "client/mirror.h"

#include <algorithm>

#include "client/files.h"
#include "codec/codec.h"
#include "crypto/digest.h"

namespace entraide::client {
namespace {

using codec::Json;
using codec::ObjectReader;

constexpr std::size_t kStateBytesMax = 256 << 20;
constexpr std::string_view kMirrorFormat = "entraide-mirror/1";
constexpr int kFeedLimit = 500;

std::unexpected<Error> not_authentic(std::string rule, std::string words) {
  return fail(Errc::not_authentic, std::move(rule), std::move(words));
}

/// What an entry of the ledger about a directory act must be.
merkle::Entry entry_of(const DirectoryEntry& entry) {
  return {merkle::EntryKind::dir, to_seconds(entry.time),
          merkle::commit(entry.blind, entry.act.signed_act().body_digest)};
}

/// Whether the policy text names logs itself; otherwise genesis' `log` goes before it.
std::string policy_of(const directory::Genesis& genesis) {
  if (const auto policy = merkle::Policy::parse(genesis.witness_policy); policy && !policy->logs().empty())
    return genesis.witness_policy;
  return "log " + genesis.log_vkey + "\n" +
         (genesis.witness_policy.empty() ? "quorum none\n" : genesis.witness_policy);
}

}  // namespace

/// A step forward under way: nothing of it counts until the root is the signed one.
struct Mirror::Staged {
  merkle::SignedCheckpoint signed_checkpoint;
  merkle::Checkpoint target;
  merkle::Frontier frontier;
  directory::Directory directory;
  std::optional<ActId> anchor;
  std::vector<DirectoryEntry> entries;
  std::map<std::int64_t, Digest> directory_leaves;  // index -> leaf hash of each entry of kind dir that is new
};

Result<Bytes> HubTiles::read_tile(const merkle::TileId& tile) const {
  const std::string text = TRY(api_.get_public_text("/ledger/" + merkle::tile_path(tile)));
  return to_bytes(text);
}

Result<Mirror> Mirror::load(MirrorOptions options) {
  Mirror mirror(std::move(options));
  const auto bytes = read_file(mirror.options_.file, kStateBytesMax);
  if (!bytes && bytes.error().code == Errc::not_found) return mirror;
  if (!bytes) return std::unexpected(bytes.error());
  mirror.written_ = crypto::sha256(BytesView(*bytes));
  const auto broken = [&](const Error& error) {
    return not_authentic("mirror.state",
                         mirror.options_.file.string() + ": the state is damaged (" + error.message +
                             "); move it away and the next command fetches and checks everything again");
  };
  const auto value = codec::parse_json(*bytes, {.bytes = kStateBytesMax, .values = 20'000'000});
  if (!value) return broken(value.error());
  ObjectReader in(*value, "state");
  const std::string format = in.string("format");
  const auto anchor = in.nullable_string("genesis");
  mirror.note_ = in.string("checkpoint");
  const std::string frontier = in.string("frontier");
  const Json::Array& entries = in.array("directory");
  const Json& sent = in.value("sent");
  const Json::Array& alarms = in.array("alarms");
  if (!in.failed() && format != kMirrorFormat) in.fault("format", "must be " + std::string(kMirrorFormat));
  if (const auto read = in.finish(); !read) return broken(read.error());

  const auto take_all = [&]() -> Result<> {
    const Bytes peaks = TRY(codec::from_base64(frontier));
    mirror.frontier_ = TRY(merkle::Frontier::parse(peaks));
    for (std::size_t i = 0; i < entries.size(); ++i) {
      ObjectReader item(entries[i], "directory." + std::to_string(i));
      const std::int64_t index = item.integer("index"), time = item.integer("time");
      const std::string blind = item.string("blind"), body = item.string("body");
      TRY(item.finish());
      auto parsed = TRY(act::parse_act(body));
      DirectoryEntry entry{index, from_seconds(time), TRY(codec::hash_from_text<merkle::Blind>(blind, "blind")),
                           TRY(act::verify(std::move(parsed), mirror.directory_))};
      TRY(mirror.directory_.admit(entry.act, index, entry.time));
      mirror.entries_.push_back(std::move(entry));
    }
    if (anchor) mirror.anchor_ = TRY(act::act_id_from_text(*anchor));
    if (!mirror.note_.empty()) {
      const auto note = TRY(merkle::parse_checkpoint(mirror.note_));
      if (!mirror.directory_.genesis()) return fail(Errc::invalid, "mirror.state", "a checkpoint without genesis");
      const auto log = TRY(merkle::NoteVerifier::parse(mirror.directory_.genesis()->log_vkey));
      mirror.checkpoint_ = TRY(merkle::verify_checkpoint(note, log));
      if (mirror.frontier_.size() != mirror.checkpoint_.size || mirror.frontier_.root() != mirror.checkpoint_.root)
        return fail(Errc::invalid, "mirror.state", "the tree is not that of the checkpoint");
    }
    if (!sent.is_object()) return fail(Errc::invalid, "mirror.state", "no counters");
    for (const auto& [device, counters] : sent.members()) {
      if (!counters.is_object()) return fail(Errc::invalid, "mirror.state", "counters of a device");
      for (const auto& [authority, count] : counters.members()) {
        if (!count.is_integer()) return fail(Errc::invalid, "mirror.state", "a counter");
        mirror.sent_[device][authority] = count.integer();
      }
    }
    for (const Json& item : alarms) {
      ObjectReader alarm(item, "alarm");
      const std::int64_t at = alarm.integer("at");
      mirror.alarms_.push_back(
          {from_seconds(at), alarm.string("rule"), alarm.string("words"), alarm.string("evidence")});
      TRY(alarm.finish());
    }
    return {};
  };
  if (const auto taken = take_all(); !taken) return broken(taken.error());
  if (mirror.options_.genesis && mirror.anchor_ && *mirror.options_.genesis != *mirror.anchor_)
    return not_authentic("mirror.genesis", mirror.options_.file.string() + ": holds the ledger of genesis " +
                                               act::to_text(*mirror.anchor_) + ", and the profile trusts " +
                                               act::to_text(*mirror.options_.genesis));
  return mirror;
}

Result<> Mirror::adopt_file() {
  const auto bytes = read_file(options_.file, kStateBytesMax);
  if (!bytes && bytes.error().code == Errc::not_found) return {};
  if (!bytes) return std::unexpected(bytes.error());
  if (crypto::sha256(BytesView(*bytes)) == written_) return {};
  Mirror other = TRY(load(options_));
  for (const auto& [device, counters] : other.sent_)
    for (const auto& [authority, count] : counters) {
      std::int64_t& last = sent_[device][authority];
      last = std::max(last, count);
    }
  for (Alarm& alarm : other.alarms_)
    if (std::none_of(alarms_.begin(), alarms_.end(),
                     [&](const Alarm& known) { return known.evidence == alarm.evidence; }))
      alarms_.push_back(std::move(alarm));
  if (other.checkpoint_.size == checkpoint_.size && other.checkpoint_.root != checkpoint_.root)
    alarms_.push_back({from_seconds(0), "mirror.fork", "two programs on this machine were shown two different trees",
                       note_ + "\n" + other.note_});
  if (other.checkpoint_.size > checkpoint_.size) {
    anchor_ = other.anchor_;
    note_ = std::move(other.note_);
    checkpoint_ = other.checkpoint_;
    frontier_ = other.frontier_;
    directory_ = std::move(other.directory_);
    entries_ = std::move(other.entries_);
  }
  return {};
}

Result<> Mirror::refresh() {
  const FileLock lock = TRY(FileLock::take(options_.file.string() + ".lock"));
  return adopt_file();
}

Result<> Mirror::save() {
  const FileLock lock = TRY(FileLock::take(options_.file.string() + ".lock"));
  TRY(adopt_file());
  return write();
}

Result<> Mirror::write() {
  Json entries = Json::array(), sent = Json::object(), alarms = Json::array();
  for (const DirectoryEntry& entry : entries_)
    entries.push_back(Json::object({{"index", entry.index},
                                    {"time", to_seconds(entry.time)},
                                    {"blind", codec::to_text(entry.blind)},
                                    {"body", entry.act.signed_act().body}}));
  for (const auto& [device, counters] : sent_) {
    Json list = Json::object();
    for (const auto& [authority, count] : counters) list.set(authority, count);
    sent.set(device, std::move(list));
  }
  for (const Alarm& alarm : alarms_)
    alarms.push_back(Json::object(
        {{"at", to_seconds(alarm.at)}, {"rule", alarm.rule}, {"words", alarm.words}, {"evidence", alarm.evidence}}));
  const std::string text = codec::to_json(Json::object({{"format", kMirrorFormat},
                                                        {"genesis", anchor_ ? Json(act::to_text(*anchor_)) : Json()},
                                                        {"checkpoint", note_},
                                                        {"frontier", codec::base64(frontier_.serialise())},
                                                        {"directory", std::move(entries)},
                                                        {"sent", std::move(sent)},
                                                        {"alarms", std::move(alarms)}}));
  TRY(write_file_whole(options_.file, bytes_of(text)));
  written_ = crypto::sha256(std::string_view(text));
  return {};
}

std::unexpected<Error> Mirror::raise(Time now, std::string rule, std::string words, std::string evidence) {
  std::string told = words + "; this is written down in " + options_.file.string() +
                     ": tell your administrator, trust nothing newer from this hub";
  alarms_.push_back({now, rule, std::move(words), std::move(evidence)});
  if (const auto saved = save(); !saved)
    told += " (and the alarm could not be written: " + saved.error().message + ")";
  return not_authentic(std::move(rule), std::move(told));
}

Result<merkle::NoteVerifier> Mirror::bootstrap(Api& api, const merkle::SignedCheckpoint& checkpoint) const {
  if (directory_.genesis()) return merkle::NoteVerifier::parse(directory_.genesis()->log_vkey);
  // Nothing is known yet: the first act of the feed must be the genesis that the person trusts; it names the log.
  const Json feed = TRY(api.get("/v1/directory/feed?from=0&limit=1"));
  const Json* body = feed.at_path("entries.0.body");
  if (body == nullptr || !body->is_string())
    return not_authentic("mirror.feed", "the hub's directory begins with nothing; its ledger has no genesis");
  auto parsed = TRY(act::parse_act(body->string()));
  const act::VerifiedAct genesis = TRY(act::verify(std::move(parsed), directory::Directory()));
  if (options_.genesis && genesis.id() != *options_.genesis)
    return not_authentic("mirror.genesis", "the hub's ledger begins with " + act::to_text(genesis.id()) +
                                               ", and you trust " + act::to_text(*options_.genesis) +
                                               ": this is another organisation's hub, or a false one");
  directory::Directory first;
  TRY(first.admit(genesis, 0, from_seconds(0)));
  auto log = TRY(merkle::NoteVerifier::parse(first.genesis()->log_vkey));
  if (log.name() != checkpoint.checkpoint.origin)
    return not_authentic("mirror.checkpoint", "the checkpoint is of \"" + checkpoint.checkpoint.origin +
                                                  "\", genesis names \"" + log.name() + "\"");
  return log;
}

Result<> Mirror::update(Api& api) {
  if (!alarms_.empty())
    return not_authentic("mirror.alarm", "an alarm stands since " + codec::rfc3339(alarms_.front().at) + ": " +
                                             alarms_.front().words + "; `entraide audit alarms` shows it");
  const std::string text = TRY(api.get_public_text("/ledger/checkpoint"));
  Staged staged;
  staged.signed_checkpoint = TRY(merkle::parse_checkpoint(text));
  const merkle::NoteVerifier log = TRY(bootstrap(api, staged.signed_checkpoint));
  auto verified = merkle::verify_checkpoint(staged.signed_checkpoint, log);
  if (!verified)
    return not_authentic("mirror.checkpoint",
                         "the hub's checkpoint is not signed by the log of genesis: " + verified.error().message);
  staged.target = *verified;
  const Time now = api.clock().now();

  if (staged.target.size < checkpoint_.size)
    return raise(now, "mirror.rollback",
                 "the ledger went back from " + std::to_string(checkpoint_.size) + " to " +
                     std::to_string(staged.target.size) + " entries",
                 note_ + "\n" + text);
  if (staged.target.size == checkpoint_.size && !note_.empty()) {
    if (staged.target.root == checkpoint_.root) return {};
    return raise(now, "mirror.fork",
                 "the ledger shows two different trees of " + std::to_string(checkpoint_.size) + " entries",
                 note_ + "\n" + text);
  }
  staged.frontier = frontier_;
  staged.directory = directory_;
  staged.anchor = anchor_;
  TRY(take_entries(api, staged));
  if (staged.frontier.root() != staged.target.root) return explain_mismatch(api, staged, now);
  TRY(take_feed(api, staged));

  const Mirror before = *this;
  frontier_ = staged.frontier;
  directory_ = std::move(staged.directory);
  anchor_ = staged.anchor;
  for (DirectoryEntry& entry : staged.entries) entries_.push_back(std::move(entry));
  checkpoint_ = staged.target;
  note_ = text;
  if (auto saved = save(); !saved) {
    *this = before;  // what is not written down does not count
    return saved;
  }
  return {};
}

Result<> Mirror::take_entries(Api& api, Staged& staged) const {
  std::uint64_t at = staged.frontier.size();
  while (at < staged.target.size) {
    const std::uint64_t number = at / merkle::kTileWidth;
    const merkle::BundleId bundle{number, merkle::tile_width(0, number, staged.target.size)};
    const std::string bytes = TRY(api.get_public_text("/ledger/" + merkle::bundle_path(bundle)));
    const auto entries = merkle::parse_bundle(bytes_of(bytes), bundle.width);
    if (!entries)
      return not_authentic("mirror.bundle",
                           "the ledger's entries from " + std::to_string(at) + " on: " + entries.error().message);
    for (std::size_t i = at % merkle::kTileWidth; i < entries->size(); ++i, ++at) {
      const auto entry = merkle::parse_entry(text_of((*entries)[i]));
      if (!entry)
        return not_authentic("mirror.bundle",
                             "entry " + std::to_string(at) + " of the ledger: " + entry.error().message);
      const Digest leaf = merkle::leaf_hash((*entries)[i]);
      staged.frontier.append(leaf);
      if (entry->kind == merkle::EntryKind::dir) staged.directory_leaves.emplace(static_cast<std::int64_t>(at), leaf);
    }
  }
  return {};
}

Result<> Mirror::explain_mismatch(Api& api, const Staged& staged, Time now) {
  // Entries that do not give the signed root: either they are not those of the log, or the log has two histories. Its
  // own tiles decide: a tree that is signed and does not begin with ours is a fork, and the two notes prove it to
  // anybody.
  const HubTiles tiles(api);
  const merkle::TileHashReader hashes(tiles, staged.target.size);
  const auto prover = merkle::Prover::at(hashes, staged.target.size);
  if (prover && prover->root() == staged.target.root && checkpoint_.size > 0) {
    const auto proof = prover->consistency(checkpoint_.size);
    if (proof && !merkle::verify_consistency(checkpoint_.size, checkpoint_.root, staged.target.size,
                                             staged.target.root, *proof))
      return raise(now, "mirror.fork",
                   "the tree of " + std::to_string(staged.target.size) +
                       " entries that the log signed does not begin with the " + std::to_string(checkpoint_.size) +
                       " entries that it signed before",
                   note_ + "\n" + merkle::to_text(staged.signed_checkpoint.note));
  }
  return not_authentic("mirror.bundle",
                       "the hub's entries do not give the root that its log signed; nothing of them was taken over");
}

Result<> Mirror::take_feed(Api& api, Staged& staged) const {
  if (staged.directory_leaves.empty()) return {};
  std::int64_t from = staged.directory_leaves.begin()->first;
  while (!staged.directory_leaves.empty()) {
    const Json page =
        TRY(api.get("/v1/directory/feed?from=" + std::to_string(from) + "&limit=" + std::to_string(kFeedLimit)));
    const Json* entries = page.find("entries");
    const Json* next = page.find("next");
    if (entries == nullptr || !entries->is_array())
      return not_authentic("mirror.feed", "the hub's directory feed has no entries");
    for (const Json& item : entries->array_items()) TRY(admit(staged, item));
    if (staged.directory_leaves.empty()) break;
    if (next == nullptr || !next->is_integer() || next->integer() <= from)
      return not_authentic("mirror.feed", "the hub keeps back the directory act at index " +
                                              std::to_string(staged.directory_leaves.begin()->first) +
                                              " of its ledger; it may be a revocation, so nothing was taken over");
    from = next->integer();
  }
  return {};
}

Result<> Mirror::admit(Staged& staged, const Json& item) const {
  ObjectReader in(item, "feed");
  const std::int64_t index = in.integer("index");
  const std::string time = in.string("time"), blind = in.string("blind"), body = in.string("body");
  TRY(in.finish_open());
  // Newer than the checkpoint, or known already.
  if (index >= static_cast<std::int64_t>(staged.target.size) || index < static_cast<std::int64_t>(frontier_.size()))
    return {};
  const auto wrong = [&](const std::string& words) {
    return not_authentic("mirror.feed", "the directory act at index " + std::to_string(index) + ": " + words);
  };
  const auto expected = staged.directory_leaves.find(index);
  if (expected == staged.directory_leaves.end())
    return wrong("the ledger has no directory act there, or it was given twice");
  if (expected != staged.directory_leaves.begin()) return wrong("came before one that stands earlier in the ledger");
  const auto blinding = codec::hash_from_text<merkle::Blind>(blind, "blind");
  const auto admitted = codec::from_rfc3339(time);
  auto parsed = act::parse_act(body);
  if (!blinding || !admitted || !parsed) return wrong("is not well-formed");
  auto verified = act::verify(std::move(*parsed), staged.directory);
  if (!verified) return wrong(verified.error().message);
  DirectoryEntry entry{index, *admitted, *blinding, std::move(*verified)};
  if (merkle::leaf_hash(bytes_of(merkle::to_text(entry_of(entry)))) != expected->second)
    return wrong("is not what the ledger committed to");
  if (!staged.anchor) {
    if (index != 0 || (options_.genesis && *options_.genesis != entry.act.id()))
      return not_authentic("mirror.genesis", "the ledger does not begin with the genesis that you trust");
    staged.anchor = entry.act.id();
  }
  if (const auto admission = staged.directory.admit(entry.act, index, entry.time); !admission)
    return wrong("should never have been admitted: " + admission.error().message);
  staged.entries.push_back(std::move(entry));
  staged.directory_leaves.erase(expected);
  return {};
}

act::CheckpointRef Mirror::checkpoint_ref() const {
  return {static_cast<std::int64_t>(checkpoint_.size), checkpoint_.root};
}

directory::Directory Mirror::directory_before(std::int64_t index) const {
  directory::Directory out;
  for (const DirectoryEntry& entry : entries_)
    if (entry.index < index)
      ENSURE(out.admit(entry.act, entry.index, entry.time).has_value());  // as it was when it came
  return out;
}

const DirectoryEntry* Mirror::entry(const ActId& id) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const DirectoryEntry& entry) { return entry.act.id() == id; });
  return found == entries_.end() ? nullptr : &*found;
}

std::string Mirror::policy_text() const {
  ENSURE(directory_.genesis().has_value());
  return policy_of(*directory_.genesis());
}
Result<merkle::Policy> Mirror::policy() const { return merkle::Policy::parse(policy_text()); }

Result<> Mirror::require_prefix(Api& api, std::uint64_t size, const Digest& root) const {
  if (size > checkpoint_.size)
    return fail(Errc::conflict, "mirror.ahead",
                "a tree of " + std::to_string(size) + " entries is newer than the verified copy (" +
                    std::to_string(checkpoint_.size) + ")");
  if (size == checkpoint_.size) {
    if (root == checkpoint_.root) return {};
    return not_authentic("mirror.fork",
                         "a tree of " + std::to_string(size) + " entries with another root than the verified one");
  }
  if (size == 0) {
    if (root == merkle::empty_root()) return {};
    return not_authentic("mirror.fork", "a tree of no entries with a root of its own");
  }
  const HubTiles tiles(api);
  const merkle::TileHashReader hashes(tiles, checkpoint_.size);
  const auto prover = TRY(merkle::Prover::at(hashes, checkpoint_.size));
  const auto proof = TRY(prover.consistency(size));
  if (const auto held = merkle::verify_consistency(size, root, checkpoint_.size, checkpoint_.root, proof); !held)
    return not_authentic("mirror.fork",
                         "a tree of " + std::to_string(size) +
                             " entries that the verified ledger does not begin with: " + held.error().message);
  return {};
}

Result<merkle::Proof> Mirror::inclusion(Api& api, std::uint64_t index) const {
  const HubTiles tiles(api);
  const merkle::TileHashReader hashes(tiles, checkpoint_.size);
  const auto prover = TRY(merkle::Prover::at(hashes, checkpoint_.size));
  if (prover.root() != checkpoint_.root)
    return not_authentic("mirror.bundle", "the hub's tiles do not give the root that its log signed");
  return prover.inclusion(index);
}

std::int64_t Mirror::sent(const KeyId& device, const Subject& authority) const {
  const auto counters = sent_.find(device.str());
  if (counters == sent_.end()) return 0;
  const auto count = counters->second.find(authority.str());
  return count == counters->second.end() ? 0 : count->second;
}

Result<> Mirror::note_sent(const act::Act& act) {
  for (const auto& [authority, count] : act.sent) {
    std::int64_t& last = sent_[act.device.str()][authority];
    last = std::max(last, count);
  }
  return save();
}

Result<> Mirror::reconcile_sent(const KeyId& device, const Json& hub_says, Time now) {
  if (!hub_says.is_object()) return fail(Errc::invalid, "mirror.sent", "the hub's counters are not an object");
  auto& ours = sent_[device.str()];
  bool grown = false;
  for (const auto& [authority, count] : hub_says.members()) {
    if (!count.is_integer())
      return fail(Errc::invalid, "mirror.sent", "the hub's counter for " + authority + " is not a number");
    std::int64_t& last = ours[authority];
    grown = grown || count.integer() > last;
    last = std::max(last, count.integer());
  }
  for (const auto& [authority, last] : ours) {
    const Json* theirs = hub_says.find(authority);
    const std::int64_t said = theirs != nullptr ? theirs->integer() : 0;
    if (said < last)
      return raise(now, "mirror.rollback",
                   "the hub says that this device has sent " + std::to_string(said) + " acts to " + authority +
                       ", and it holds receipts of " + std::to_string(last),
                   note_);
  }
  return grown ? save() : Result<>{};
}

Result<> Mirror::clear_alarms() {
  const FileLock lock = TRY(FileLock::take(options_.file.string() + ".lock"));
  TRY(adopt_file());
  alarms_.clear();
  return write();
}

}  // namespace entraide::client
