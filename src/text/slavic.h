#pragma once

// Names of Eastern Slavs in Latin letters: one person's passport may be Russian, Ukrainian or Belarusian.

#include <string>
#include <string_view>

namespace entraide::text {

/// Appends one spelling for what the languages write of a family or father's name in Latin letters (a to z), whoever
/// transcribed it: Orlov and Arlou, Gennadievich and Genadzevich, Tikhanovskaya and Tsikhanouskaya. All vowels are one letter; v
/// after a vowel may be u; d and t may be dz and ts. False, and nothing, for a word that does not end as such names do.
bool append_slavic_spelling(std::string_view latin, std::string& out);

}  // namespace entraide::text
