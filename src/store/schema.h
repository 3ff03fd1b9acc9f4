#pragma once

// Schema steps and what they have built. Only this folder includes it.

#include "store/store.h"

namespace entraide::store {

/// A step as it was run and is remembered.
struct RunStep {
  std::string module;
  std::int64_t number = 0;
  std::string text;
};

/// The schema as one connection sees it. Failures: those of the connection.
class Schema {
 public:
  explicit Schema(Connection& connection) : connection_(connection) {}

  /// Steps run so far, in order; none where the database is new.
  Result<std::vector<RunStep>> steps();
  /// Runs one step and remembers it as the `position`th. Inside a write transaction.
  Result<> run(const RunStep& step, std::int64_t position);
  /// Tables in the order of their making, without the memory of steps. A table refers only to earlier ones.
  Result<std::vector<std::string>> tables();
  Result<std::vector<std::string>> columns(const std::string& table);
  Result<bool> empty();

 private:
  Result<bool> remembers();
  Connection& connection_;
};

/// `text` with the bare word `bytes` put in the engine's words.
std::string for_engine(std::string_view text, Engine engine);

}  // namespace entraide::store
