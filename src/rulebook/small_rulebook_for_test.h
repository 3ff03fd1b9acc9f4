#pragma once

// A small invented rulebook for tests: one kind, `question`, that is asked, answered and closed, and one, `thanks`, that reacts to it.

#include "rulebook/rulebook.h"
#include "testing/testing.h"

namespace entraide::rulebook::testing_world {

inline Files small_files() {
  Files files;
  files["rulebook.json"] = R"({"rulebook": "entraide", "version": "t", "languages": ["en"], "suites": ["E1"],
    "roles": ["officer", "magistrate"], "authority_kinds": ["bureau", "court", "post"]})";
  files["instruments/treaty.json"] = R"({"instrument": "treaty", "confidence": "text", "articles": ["1", "2"]})";
  files["instruments/pact.json"] =
      R"({"instrument": "pact", "confidence": "text", "articles": ["7"], "enforce_parties": true,
    "parties": [{"country": "aa", "from": "2020-01-01"}, {"country": "bb", "from": "2031-06-01"}]})";
  files["vocab/speed.json"] = R"({"vocab": "speed", "source": "treaty.1", "confidence": "text",
    "codes": [{"code": "fast"}, {"code": "slow"}]})";
  files["vocab/ground.json"] = R"({"vocab": "ground", "source": "treaty.1", "confidence": "text",
    "codes": [{"code": "g1"}, {"code": "g2"}]})";
  files["forms/country-profile.json"] =
      R"({"form": "country-profile", "source": "treaty.1", "confidence": "text", "sections": [
    {"section": "all", "fields": [
      {"field": "accepts", "in": "routing", "schema": {"type": "boolean"}, "required": true},
      {"field": "threshold", "in": "routing", "schema": {"type": "integer"}}]}]})";
  files["profiles/bb.json"] =
      R"({"country": "bb", "as_of": "2030-01-01", "answers": {"accepts": true, "threshold": 3}})";
  files["forms/question.ask.json"] =
      R"({"form": "question.ask", "source": "treaty.1", "confidence": "text", "sections": [
    {"section": "all", "fields": [
      {"field": "basis", "in": "routing", "schema": {"type": "string", "format": "basis"}, "required": true},
      {"field": "speed", "in": "routing", "schema": {"type": "string", "vocab": "speed"}, "required": true},
      {"field": "years", "in": "routing", "schema": {"type": "integer", "minimum": 0, "maximum": 99}},
      {"field": "why_fast", "in": "routing", "schema": {"type": "string", "maxLength": 20},
        "show_if": {"equals": ["field.speed", "fast"]}, "required": {"basis_is": ["treaty"]}},
      {"field": "text", "in": "sealed", "schema": {"type": "string", "minLength": 3, "maxLength": 10}, "required": true}]}]})";
  files["forms/question.answer.json"] =
      R"({"form": "question.answer", "source": "treaty.1", "confidence": "text", "sections": [
    {"section": "all", "fields": [
      {"field": "until", "in": "routing", "schema": {"type": "string", "format": "date"}, "required": true},
      {"field": "grounds", "in": "routing", "schema": {"type": "array", "items": {"type": "string", "vocab": "ground"}}}]}]})";
  files["forms/question.pass.json"] =
      R"({"form": "question.pass", "source": "treaty.1", "confidence": "text", "sections": [
    {"section": "all", "fields": [
      {"field": "new_authority", "in": "routing", "schema": {"type": "string", "format": "authority"}, "required": true}]}]})";
  files["kinds/question.json"] = R"({"kind": "question", "source": "treaty.1", "confidence": "text",
    "basis": ["treaty.1", "pact.7"],
    "parties": {"requesting": ["bureau"], "requested": ["bureau", "court"]}, "roles": ["officer"],
    "states": [{"state": "asked"}, {"state": "answered"}, {"state": "closed", "final": true}, {"state": "lapsed", "final": true}],
    "transitions": [
      {"t": "question.ask", "by": "requesting", "from": null, "to": "asked", "form": "question.ask", "source": "treaty.1",
       "starts": ["question.reply"], "urgent": {"equals": ["field.speed", "fast"]}, "inform": ["post"]},
      {"t": "question.answer", "by": "requested", "from": ["asked"], "to": "answered", "form": "question.answer", "source": "treaty.1",
       "assurance": "step-up", "stops": ["question.reply"], "starts": ["question.end"]},
      {"t": "question.prolong", "by": "requested", "from": ["answered"], "to": "same", "form": "question.answer", "source": "treaty.1",
       "extends": ["question.end"]},
      {"t": "question.pass", "by": "requested", "from": ["asked", "answered"], "to": "same", "form": "question.pass",
       "hand_over": {"party": "requested", "field": "new_authority"}, "source": "treaty.1"},
      {"t": "question.close", "by": "either", "from": "any", "to": "closed", "source": "treaty.1", "assurance": "two-person",
       "signers": [{"role": "magistrate", "count": 1}],
       "require": [{"rule": "question.close.answered", "that": {"equals": ["thread.question", "answered"]}, "source": "treaty.2"}]},
      {"t": "question.lapse", "by": "clock", "from": ["answered"], "to": "lapsed", "source": "treaty.1"}],
    "clocks": [
      {"clock": "question.reply", "owner": "requested", "period": {"by": "label.speed", "periods": {"fast": "PT8H"}, "else": "P7D"},
       "alarms": ["-P1D"], "source": "treaty.1"},
      {"clock": "question.end", "owner": "requesting", "period": {"until": "until", "at_least": "P60D", "at_most": "P1Y"},
       "alarms": ["-P21D", "-P2D"], "lapse": "question.lapse", "source": "treaty.1"}],
    "label": ["speed"], "retention": {"after": "final", "keep": "P5Y", "source": "treaty.2"}})";
  files["forms/thanks.say.json"] = R"({"form": "thanks.say", "source": "treaty.1", "confidence": "text", "sections": [
    {"section": "all", "fields": [
      {"field": "basis", "in": "routing", "schema": {"type": "string", "format": "basis"}, "required": true}]}]})";
  files["kinds/thanks.json"] = R"({"kind": "thanks", "source": "treaty.1", "confidence": "text",
    "basis": ["treaty.1"], "parties": {"requesting": ["bureau"], "requested": ["bureau", "court"]}, "roles": ["officer"],
    "states": [{"state": "said"}, {"state": "done", "final": true}],
    "transitions": [
      {"t": "thanks.say", "by": "requesting", "from": null, "to": "said", "form": "thanks.say", "source": "treaty.1",
       "starts": ["thanks.smile"]}],
    "clocks": [{"clock": "thanks.smile", "owner": "requesting", "period": "P1M", "source": "treaty.1"}],
    "reactions": [{"on": "question.close", "from": ["said"], "to": "done", "source": "treaty.1"}],
    "label": [], "retention": {"after": "final", "keep": "P1Y", "source": "treaty.2"}})";
  files["rules-of-use.json"] = R"({"confidence": "text", "rules": [
    {"article": "1", "enforced_by": ["decide.party", "decide.state"]}, {"article": "2", "by": "agreement"}]})";
  files["directory.json"] = R"({"confidence": "text", "acts": [
    {"t": "dir.country", "source": "use.1", "window": "P7D", "signers": [{"role": "org-root", "count": "threshold"}, {"role": "country-root", "count": 1}]},
    {"t": "dir.device", "source": "use.1", "signers": [{"role": "administrator", "count": 1}], "device": true}]})";
  files["delivery.json"] =
      R"({"confidence": "text", "source": "use.1", "within": "P1D", "urgent": "PT1H", "acts": ["ack.delivered"]})";
  return files;
}

/// The small rulebook with one text replaced in one file.
inline Files changed(std::string_view file, std::string_view from, std::string_view to) {
  Files files = small_files();
  std::string& text = files.find(file)->second;
  const std::size_t at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, file, ": ", from);
  text.replace(at, from.size(), to);
  return files;
}

inline const Rulebook& small_rules() {
  static const Rulebook rules = testing::must(load(small_files()), "load");
  return rules;
}

}  // namespace entraide::rulebook::testing_world
