#include "client/wrong_clock.h"

#include "codec/codec.h"

namespace entraide::client {
namespace {

// The hub takes a proof that was made within a minute of its own clock, and an act within five.
constexpr Seconds kClocksAgree{60};

/// "3 h 5 min", "2 d 1 h", "75 s".
std::string for_people(Seconds length) {
  const std::int64_t s = length.count();
  if (s < 120) return std::to_string(s) + " s";
  if (s < 3600) return std::to_string(s / 60) + " min";
  if (s < 48 * 3600) return std::to_string(s / 3600) + " h " + std::to_string(s / 60 % 60) + " min";
  return std::to_string(s / 86400) + " d " + std::to_string(s / 3600 % 24) + " h";
}

}  // namespace

std::optional<Time> time_of_answer(std::string_view date) {
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (date.size() != 29 || !date.ends_with(" GMT")) return {};
  const std::size_t month = kMonths.find(date.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return {};
  const std::string number = std::to_string(101 + month / 3).substr(1);
  const auto time = codec::from_rfc3339(std::string(date.substr(12, 4)) + "-" + number + "-" +
                                        std::string(date.substr(5, 2)) + "T" + std::string(date.substr(17, 8)) + "Z");
  return time ? std::optional(*time) : std::nullopt;
}

std::string words_of_clock(const Error& error, Seconds ahead) {
  if (ahead <= kClocksAgree && ahead >= -kClocksAgree) return {};
  if (error.code != Errc::unauthenticated && error.rule != "act.time.window" && error.rule != "enrolment.act")
    return {};
  const bool is_ahead = ahead > Seconds{0};
  return "; this machine's clock is " + for_people(is_ahead ? ahead : -ahead) + (is_ahead ? " ahead of" : " behind") +
         " the hub's: set it (for example `timedatectl set-ntp true`), and do it again";
}

}  // namespace entraide::client
