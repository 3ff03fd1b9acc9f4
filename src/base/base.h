#pragma once

// The words every other module speaks: results, errors, bytes, time.
// The other headers of this folder (clock, random, log, metrics, mutex, ids) stand on this one alone.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace entraide {

// ---- bytes ---------------------------------------------------------------------------------

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

/// The bytes of a text, without copying. The view lives as long as `text`.
inline BytesView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
/// The text that bytes spell, without copying or checking. The view lives as long as `bytes`.
inline std::string_view text_of(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes to_bytes(std::string_view text) {
  const BytesView view = bytes_of(text);
  return {view.begin(), view.end()};
}
void append(Bytes& to, BytesView more);
void append(Bytes& to, std::string_view more);

/// Bytes that are wiped when they go, and never copied by accident: keys, passphrases, plaintext.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(Bytes bytes) : bytes_(std::move(bytes)) {}
  explicit SecretBytes(std::size_t size) : bytes_(size) {}
  SecretBytes(SecretBytes&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  BytesView view() const { return bytes_; }
  std::span<std::uint8_t> span() { return bytes_; }
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  SecretBytes copy() const { return SecretBytes(bytes_); }

 private:
  Bytes bytes_;
};

// ---- failures ------------------------------------------------------------------------------

/// What kind of failure this is; decides the HTTP status, the exit code and whether to try again.
enum class Errc {
  invalid,        // the input is not what the format or the rule asks: 422, exit 2 or 1
  too_large,      // the input is over a limit: 413
  unauthenticated,// no session, or not a valid one: 401, exit 4
  refused,        // understood and well-formed, but a rule says no: 403, exit 5
  not_found,      // nothing there, or nothing that the asker may know of: 404, exit 3
  conflict,       // the world has moved since the asker looked: 409, exit 7
  not_authentic,  // a signature, hash, proof or seal does not hold: exit 6, never retried
  unavailable,    // busy or out of reach; safe to try again: 503, exit 8
  storage,        // a write or sync failed: the node stops taking acts
  internal,       // anything else that the world did to us: 500, exit 1
};

/// A failure, for a person and for a program. `rule` is a stable lower-case dotted identifier (for
/// example "act.st.gap"): it is the tail of the problem type, it has words in four languages in the
/// rulebook, and it is never reused for something else. `message` says the thing first, then what was
/// wrong, then what to do; never a key, a person's name or sealed content.
struct Error {
  Errc code = Errc::internal;
  std::string rule;
  std::string message;
  std::string path = {};  // JSON path or file of the fault, empty where it has none
};

/// A value, or the failure that stood in its way. Always looked at.
template <class T = void>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
};

inline std::unexpected<Error> fail(Errc code, std::string rule, std::string message, std::string path = {}) {
  return std::unexpected(Error{code, std::move(rule), std::move(message), std::move(path)});
}

namespace detail {
template <class R>
auto take(R&& result) {
  if constexpr (std::is_void_v<typename std::remove_cvref_t<R>::value_type>) {
    return;
  } else {
    return std::move(*result);
  }
}
}  // namespace detail

/// The value of a `Result`, or return its failure from this function. Use it as a whole initialiser or
/// statement (`auto x = TRY(f());`), not inside a larger expression.
#define TRY(expression) ENTRAIDE_TRY(expression, __COUNTER__)
#define ENTRAIDE_TRY(expression, unique) ENTRAIDE_TRY_NAMED(expression, unique)
#define ENTRAIDE_TRY_NAMED(expression, unique) ENTRAIDE_TRY_AS(expression, try_result_##unique)
#define ENTRAIDE_TRY_AS(expression, name)                       \
  ({                                                            \
    auto&& name = (expression);                                 \
    if (!name) return std::unexpected(std::move(name).error()); \
    ::entraide::detail::take(std::move(name));                  \
  })

[[noreturn]] void ensure_failed(const char* condition, const char* file, int line);

/// Our own promise: stops the process when it is broken, in release builds too.
#define ENSURE(condition)                                        \
  do {                                                           \
    if (!(condition)) [[unlikely]]                               \
      ::entraide::ensure_failed(#condition, __FILE__, __LINE__); \
  } while (false)

// ---- time ----------------------------------------------------------------------------------

/// An instant, UTC, to the millisecond. Acts and ledger entries use whole seconds.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

inline std::int64_t to_ms(Time time) { return time.time_since_epoch().count(); }
inline Time from_ms(std::int64_t ms) { return Time(Milliseconds(ms)); }
inline std::int64_t to_seconds(Time time) { return std::chrono::floor<Seconds>(time).time_since_epoch().count(); }
inline Time from_seconds(std::int64_t seconds) { return Time(Seconds(seconds)); }

}  // namespace entraide
