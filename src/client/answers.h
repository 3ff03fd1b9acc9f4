#pragma once

// Form answers as people write them: YAML or JSON in a file, to one JSON value.

#include <filesystem>

#include "codec/json.h"

namespace entraide::client {

/// YAML 1.1 as libyaml reads it, narrowed: one document; mappings, sequences and scalars; no anchors, aliases or
/// tags; no key twice. A plain scalar is null (`null`, `~`, empty), a boolean (`true`, `false`), an integer within
/// +-2^53, or else text; `yes`, `no`, `on`, dates, `1.5` and `010` are text. A quoted scalar is text.
/// Rules: answers.yaml (with line and column), answers.duplicate, answers.depth.
Result<codec::Json> parse_yaml(std::string_view text);

/// By the file's name: `.json` is JSON, everything else YAML. "-" is standard input, YAML. Must be an object.
/// Rules: file.*, answers.*, json.*.
Result<codec::Json> read_answers(const std::filesystem::path& file);

}  // namespace entraide::client
