#pragma once

// What evidence is worth: every number of the scorer, in one place. They are natural logarithms of likelihood ratios,
// or of how often evidence of a kind appears between two spellings of one person's name; fitted on public sanction
// lists (logistic regression over traces of right and wrong hits), then rounded, and some set by hand. What their sum
// is worth as a probability is in calibration.inc, made by bench/match_calibrate_bench.

#include <cmath>

#include "match/match.h"

namespace entraide::match::model {

constexpr Weight weight(double natural) {
  return static_cast<Weight>(natural * kWeightUnit + (natural < 0 ? -0.5 : 0.5));
}

// ---- words: ln P(this kind of agreement | the same word of the same person) ----
inline constexpr Weight kExact = weight(-0.3);
inline constexpr Weight kVariant = weight(-0.8);
inline constexpr Weight kNickname = weight(-2.3);
inline constexpr Weight kRomanised = weight(0);
inline constexpr Weight kSpelling = weight(-0.8);
inline constexpr Weight kBare = weight(-1.0);
inline constexpr Weight kGlued = weight(-2.0);
inline constexpr Weight kSyllables = weight(-0.9);
inline constexpr Weight kSkeletonStrong = weight(-2.5);
inline constexpr Weight kSkeletonWeak = weight(-3.7);
/// The same where the query's word is written in Latin letters: who writes vowels means them.
inline constexpr Weight kWrittenStrong = weight(-2.2);
inline constexpr Weight kWrittenWeak = weight(-5.5);
/// The same where the query's script has no vowels to agree.
inline constexpr Weight kConsonantsStrong = weight(-0.9);
inline constexpr Weight kConsonantsWeak = weight(-2.1);
/// A letter for a name: about one name in twelve begins with it.
inline constexpr Weight kInitialWorth = weight(0.5);
/// By number of edits. More by the letter for words of more than seven, up to twelve, and less for shorter ones: once for the
/// first edit and half for each other. A guessed spelling is near more words, so that its edits say less: each brings so
/// much less or more by the letter, from eight; where it sounds as the other word does, they cost little.
inline constexpr Weight kEdit[4] = {0, weight(-3.2), weight(-6.0), weight(-9.0)};
inline constexpr Weight kEditLetter = weight(0.42);
inline constexpr Weight kEditShort = weight(0.25);
inline constexpr Weight kEditLong = weight(0.2);
inline constexpr Weight kSoundsAlike[4] = {0, weight(-1.8), weight(-2.6), weight(-3.5)};
/// What a word gets back that is spelt another way rather than mistyped: all of it where that costs no letter at all
/// (text::spelling_cost), nothing where it costs one for each edit.
inline constexpr Weight kRespelt[4] = {0, weight(1.9), weight(3.0), weight(3.0)};

/// A slip in a common word may be likelier a chance than a slip, and still be likelier than that the person has another name:
/// words meet unless it is worth less than this.
inline constexpr Weight kLeastTerm = weight(-3.5);

// ---- names as a whole ----
inline constexpr Weight kContradiction = weight(-2.8);
/// And this share of what the word brought that agrees best, and this one of what all others did: people who share all names
/// but one are relatives and namesakes oftener than one person, so the more two names share, the more one other word takes
/// away. Never all of it: what agrees still speaks for the record. No other word costs less than a missing one.
inline constexpr double kContradictionTakes = 0.47, kContradictionTakesMore = 0.68;
/// Another word may be the same word after all: spelt or heard too differently to be found by its letters, cut short, or with
/// its spaces elsewhere. For each 1/1024 by which the share of letters and of sounds that are the same, on the average,
/// exceeds what words have in common by chance; the same letter first, four letters, and for words of one or two letters,
/// which have little to be alike by. Bounds take what is the most for granted: more would be scored if it were more.
inline constexpr Weight kLikeLeast = 256, kLikeSlope = 8;
inline constexpr Weight kLikeLettersLeast = 205, kLikeJoinedLeast = 512;
inline constexpr Weight kLikeFirst = weight(0.5);
inline constexpr Weight kLikeBeginning = weight(1.5);
inline constexpr Weight kLikeShort = weight(1.0);
inline constexpr Weight kLikeMost = weight(3.0);
/// And more for what spellings have in common beyond what words have by chance: for each 1/1024 of a letter that is left when
/// text::spelling_cost is taken from all. Only of words of which this share of the letters is the same.
inline constexpr Weight kRespeltLeast = 665, kRespeltSlope = 24, kRespeltLetters = 410;
inline constexpr Weight kRespeltMost = (1024 - kRespeltLeast) * kRespeltSlope;
/// At first no record is looked for that would need more than this; less where a date tells persons apart, and only words
/// that begin the same are compared there.
inline constexpr Weight kLikeNear = weight(2.1), kLikeNearDated = weight(0.5);
/// From here on an explanation says that they are alike.
inline constexpr Weight kLikeSaid = weight(1.5);
/// So may a word of another script, whose spelling was only guessed.
inline constexpr Weight kGuessed = weight(1.0);
/// No more for a particle ("al", "bin", "de") that both sides have.
inline constexpr Weight kParticleMost = weight(1.5);
/// Nor for what follows a name ("III") or stands in brackets.
inline constexpr Weight kAsideMost = weight(3.0);
inline constexpr Weight kMissing = weight(-2.85);
inline constexpr Weight kExtra = weight(-2.6);
/// Who leaves out one word leaves out others, and where one is another anyway, a longer name has more words.
inline constexpr Weight kExtraMore = weight(-0.5);
constexpr Weight extra_words(unsigned size, bool beside_another) {
  return size == 0 ? 0 : (beside_another ? 0 : kExtra) + static_cast<Weight>(size - 1) * kExtraMore;
}
inline constexpr Weight kOrder = weight(-2.3);
inline constexpr Weight kWeakAlias = weight(-1.5);
inline constexpr Weight kWeakAliasInexact = weight(-3.0);
inline constexpr Weight kFormerName = weight(-0.2);
/// The query's words had to be cut out of a longer one.
inline constexpr Weight kSegmented = weight(-1.5);

// ---- facts ----
inline constexpr Weight kDate[kDateLevels] = {weight(9.4), weight(6.2), weight(5.2),  weight(4.0),  weight(3.8),
                                              weight(0.8), weight(0.4), weight(-0.6), weight(-1.2), weight(-3.4)};
/// Added to one_year, two_years and disjoint-but-near when a side says "circa".
inline constexpr Weight kCirca = weight(0.9);
inline constexpr Weight kGenderSame = weight(0.6);
inline constexpr Weight kGenderOther = weight(-2.5);
inline constexpr Weight kCountrySame = weight(2.0);
inline constexpr Weight kCountrySuccessor = weight(1.2);
inline constexpr Weight kCountryOther = weight(-0.7);
inline constexpr Weight kPlaceSame = weight(3.0);
inline constexpr Weight kPlaceShared = weight(2.0);
inline constexpr Weight kPlaceOther = weight(-0.3);
inline constexpr Weight kParentMost = weight(6.0);
inline constexpr Weight kParentLeast = weight(-1.5);
/// By type: document, plate, phone, e_mail, wallet, iban, imei; equal, and one character away.
inline constexpr Weight kIdentifier[kIdentifierTypes] = {weight(12), weight(8),  weight(9), weight(12),
                                                         weight(13), weight(12), weight(12)};
inline constexpr Weight kIdentifierNear[kIdentifierTypes] = {weight(4), weight(2.5), weight(3), weight(0),
                                                             weight(6), weight(8),   weight(7)};

/// What a register knows of how common words are, it knows as if it had this many records more.
inline constexpr double kPseudoRecords = 20'000;

}  // namespace entraide::match::model
