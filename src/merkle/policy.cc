#include "merkle/policy.h"

#include <algorithm>
#include <map>
#include <set>

#include "merkle/lines.h"

namespace entraide::merkle {

namespace {

std::vector<std::string_view> items_of(std::string_view line) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return out;
    line.remove_prefix(begin);
    out.push_back(line.substr(0, line.find_first_of(" \t")));
    line.remove_prefix(out.back().size());
  }
}

bool is_allowed(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); }

}  // namespace

/// Reads a policy line by line; what a line may name is what the lines above it defined.
class PolicyReader {
 public:
  /// What is wrong with the line, or empty.
  std::string read(std::string_view line) {
    if (!std::all_of(line.begin(), line.end(), is_allowed)) return "a control character";
    const std::vector<std::string_view> items = items_of(line);
    if (items.empty() || items.front().starts_with('#')) return {};
    if (++lines_ > kPolicyLinesMax) return "more than 1,024 lines that say something";
    if (items.front() == "log") return read_log(items);
    if (items.front() == "witness") return read_witness(items);
    if (items.front() == "group") return read_group(items);
    if (items.front() == "quorum") return read_quorum(items);
    return "does not begin with log, witness, group or quorum";
  }
  bool has_quorum() const { return has_quorum_; }

  std::vector<PolicyLog> logs;
  std::vector<PolicyWitness> witnesses;
  std::vector<PolicyGroup> groups;
  std::string quorum;

 private:
  using Items = std::vector<std::string_view>;

  std::string define(std::string_view name) {
    if (name == "none") return "the name none is taken";
    if (!defined_.insert(std::string(name)).second) return "the name " + std::string(name) + " is defined twice";
    return {};
  }

  std::string read_log(const Items& items) {
    if (items.size() != 2 && items.size() != 3) return "a log line is: log <vkey> [<url>]";
    Result<NoteVerifier> key = NoteVerifier::parse(items[1]);
    if (!key) return key.error().message;
    if (key->type() != SignatureType::ed25519) return "the key is not that of a log (type 1)";
    if (!log_keys_.insert(key->key().raw()).second) return "the log's key is listed twice";
    logs.push_back({std::move(*key), items.size() == 3 ? std::string(items[2]) : std::string()});
    return {};
  }

  std::string read_witness(const Items& items) {
    if (items.size() != 3 && items.size() != 4) return "a witness line is: witness <name> <vkey> [<url>]";
    Result<NoteVerifier> key = NoteVerifier::parse(items[2]);
    if (!key) return key.error().message;
    if (key->type() != SignatureType::cosignature_v1) return "the key is not that of a witness (type 4)";
    if (!witness_keys_.insert(key->key().raw()).second) return "the witness's key is listed twice";
    if (std::string wrong = define(items[1]); !wrong.empty()) return wrong;
    witnesses.push_back({std::string(items[1]), std::move(*key), items.size() == 4 ? std::string(items[3]) : ""});
    return {};
  }

  std::string read_group(const Items& items) {
    if (items.size() < 4) return "a group line is: group <name> all|any|<k> <name>...";
    PolicyGroup group{.name = std::string(items[1]), .threshold = 0, .members = {items.begin() + 3, items.end()}};
    const std::size_t count = group.members.size();
    if (items[2] == "all") {
      group.threshold = count;
    } else if (items[2] == "any") {
      group.threshold = 1;
    } else {
      group.threshold = static_cast<std::size_t>(decimal(items[2], count).value_or(0));
      if (group.threshold == 0) return "the threshold is not all, any or a number from 1 to " + std::to_string(count);
    }
    for (const std::string& member : group.members) {
      if (!defined_.contains(member)) return "the member " + member + " is not defined above";
      if (!members_.insert(member).second) return "the member " + member + " is listed twice";
    }
    if (std::string wrong = define(items[1]); !wrong.empty()) return wrong;
    groups.push_back(std::move(group));
    return {};
  }

  std::string read_quorum(const Items& items) {
    if (items.size() != 2) return "a quorum line is: quorum <name>|none";
    if (has_quorum_) return "a second quorum line";
    has_quorum_ = true;
    if (items[1] == "none") return {};
    quorum = items[1];
    if (!defined_.contains(quorum)) return "the quorum " + quorum + " is not defined above";
    return {};
  }

  std::size_t lines_ = 0;
  bool has_quorum_ = false;
  std::set<std::string> defined_;
  std::set<std::string> members_;
  std::set<std::array<std::uint8_t, 32>> log_keys_;
  std::set<std::array<std::uint8_t, 32>> witness_keys_;
};

Result<Policy> Policy::parse(std::string_view text) {
  if (text.size() > kPolicyBytesMax) return fail(Errc::too_large, "merkle.policy", "policy: over 256 KiB");
  PolicyReader reader;
  LineReader lines(text);
  std::size_t number = 1;
  for (std::string_view line; lines.next(line); ++number)
    if (const std::string wrong = reader.read(line); !wrong.empty())
      return fail(Errc::invalid, "merkle.policy", "policy line " + std::to_string(number) + ": " + wrong,
                  "line " + std::to_string(number));
  if (!lines.at_end())
    return fail(Errc::invalid, "merkle.policy", "policy: the last line does not end in newline",
                "line " + std::to_string(number));
  if (!reader.has_quorum())
    return fail(Errc::invalid, "merkle.policy",
                "policy: no quorum line; write \"quorum none\" to ask for no witness");
  Policy out;
  out.logs_ = std::move(reader.logs);
  out.witnesses_ = std::move(reader.witnesses);
  out.groups_ = std::move(reader.groups);
  out.quorum_ = std::move(reader.quorum);
  return out;
}

QuorumVerdict Policy::evaluate(const std::vector<bool>& cosigned) const {
  ENSURE(cosigned.size() == witnesses_.size());
  QuorumVerdict out;
  std::map<std::string_view, bool> holds;
  for (std::size_t i = 0; i < witnesses_.size(); ++i) {
    const bool did = cosigned[i];
    holds[witnesses_[i].name] = did;
    out.lines.push_back({witnesses_[i].name, did, did ? std::size_t{1} : 0, 1, 1});
  }
  for (const PolicyGroup& group : groups_) {
    const auto have = static_cast<std::size_t>(std::count_if(
        group.members.begin(), group.members.end(), [&](const std::string& member) { return holds.at(member); }));
    holds[group.name] = have >= group.threshold;
    out.lines.push_back({group.name, have >= group.threshold, have, group.threshold, group.members.size()});
  }
  out.holds = quorum_.empty() || holds.at(quorum_);
  return out;
}

}  // namespace entraide::merkle
