#pragma once

// The people of a demonstration world as profiles of the command line, and the papers of the main job.

#include "demo/cases.h"

namespace entraide::demo {

/// What opens every key store of a demonstration. No secret: it is written beside them.
inline constexpr std::string_view kPassphrase = "demonstration";

struct Home {
  std::string profile;     // "fr-central-authority"
  Subject authority;
  std::string person;      // fictional
};

/// Writes below `folder` what `entraide --home FOLDER --profile NAME` reads: config.toml, one key store a person, a file `pin`
/// with the passphrase. Roots and administrators get profiles too ("org", "fr-country", "fr-administrators").
Result<std::vector<Home>> write_homes(World& world, const std::string& folder, const std::string& hub_url);

/// The papers of the main job as files in `folder`: request.json (French, every field of the T-CY article 31 template and of
/// article 40(15) of the UN Convention), request-en.json, order.pdf (700 kB), acknowledgement.json, supplement-asked.json,
/// supplement.json, confidentiality.json, answer.json, connection-log.csv.
Result<> write_papers(const Answers& answers, const std::string& folder, Time now);

/// A plain PDF of text pages, at least `bytes` long.
std::string paper(std::string_view title, std::string_view line, std::size_t bytes);

}  // namespace entraide::demo
