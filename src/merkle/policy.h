#pragma once

// A trust policy (c2sp.org/tlog-policy): which logs, which witnesses, and how many of whom must have cosigned.
//
//   log <vkey> [<url>]
//   witness <name> <vkey> [<url>]
//   group <name> all|any|<k> <name>...
//   quorum <name>|none
//
// Lines end in newline, items are separated by spaces and tabs, empty lines and lines that begin with # are
// left out. A name is defined before it is used, and is a member of one group at most.

#include <variant>

#include "merkle/checkpoint.h"

namespace entraide::merkle {

constexpr std::size_t kPolicyBytesMax = 256 << 10;
constexpr std::size_t kPolicyLinesMax = 1024;  // of logs, witnesses and groups together

struct PolicyLog {
  NoteVerifier key;
  std::string url;  // empty where there is none
};
struct PolicyWitness {
  std::string name;
  NoteVerifier key;
  std::string url;
};
struct PolicyGroup {
  std::string name;
  std::size_t threshold = 0;
  std::vector<std::string> members;
};

/// How one witness or group fared.
struct QuorumLine {
  std::string name;
  bool holds = false;
  std::size_t have = 0;  // members that hold; 1 or 0 for a witness
  std::size_t need = 0;
  std::size_t of = 0;
};
struct QuorumVerdict {
  bool holds = false;
  std::vector<QuorumLine> lines;  // witnesses, then groups, in the policy's order
};

class Policy {
 public:
  /// Rule: merkle.policy; `path` of the error is the line ("line 3").
  static Result<Policy> parse(std::string_view text);

  const std::vector<PolicyLog>& logs() const { return logs_; }
  const std::vector<PolicyWitness>& witnesses() const { return witnesses_; }
  const std::vector<PolicyGroup>& groups() const { return groups_; }
  /// Empty when the policy asks for no witness (`quorum none`).
  const std::string& quorum() const { return quorum_; }

  /// `cosigned[i]` says whether witness i's cosignature verified; as many as there are witnesses.
  QuorumVerdict evaluate(const std::vector<bool>& cosigned) const;

 private:
  std::vector<PolicyLog> logs_;
  std::vector<PolicyWitness> witnesses_;
  std::vector<PolicyGroup> groups_;
  std::string quorum_;
};

}  // namespace entraide::merkle
