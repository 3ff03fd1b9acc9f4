// Names made of two words that are written joined, apart, with an article between or without: servant of, faith, God.

#include "text/builder.h"

namespace entraide::text {

namespace {

bool is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool is_faith(std::string_view word) {
  return one_of(
      word, {"din", "deen", "dine", "dean", "ddin", "eddine", "eddin", "uddin", "aldin", "aldeen", "الدين", "دين"});
}
bool is_god(std::string_view word) {
  return one_of(word, {"allah", "ullah", "lah", "ollah", "ulla", "alah", "الله", "اله"});
}

// abdulrahman, abdurrahman, abderrahmane: what follows "servant of the". Empty when it is no such name.
std::string_view servant_of(std::string_view word) {
  if (!word.starts_with("abd") || word.size() < 7) return {};
  std::size_t at = 3;
  while (at < word.size() && at < 5 && is_vowel(word[at])) ++at;
  if (at == 3) return {};
  if (word[at] == 'l' || word[at] == word[at + 1]) ++at;
  return word.size() - at >= 3 ? word.substr(at) : std::string_view();
}

// nuruddin, noureddine, nuraldin: what is before "of the faith".
std::string_view of_the_faith(std::string_view word) {
  for (const std::string_view ending : {"ddine", "ddeen", "ldine", "ldeen", "ddin", "ldin", "deen", "dine", "din"}) {
    if (!word.ends_with(ending) || word.size() < ending.size() + 4) continue;
    std::string_view root = word.substr(0, word.size() - ending.size());
    while (root.size() > 3 && is_vowel(root.back())) root.remove_suffix(1);
    return root;
  }
  return {};
}

std::string_view of_god(std::string_view word) {
  for (const std::string_view ending : {"ullah", "allah", "ollah", "oullah", "ulla"})
    if (word.ends_with(ending) && word.size() >= ending.size() + 3)
      return word.substr(0, word.size() - ending.size());
  return {};
}

}  // namespace

/// One spelling for a name that is such a compound, whoever wrote it.
void Builder::compound(std::size_t first, std::size_t count, std::string_view latin, float log_probability) {
  // By the class of the name inside, where it has one: abdelkader and abdulqadir are the same then.
  const auto usual = [&](std::string_view word) {
    const std::string_view name = lexicon_.variant_of(word, WordTable::hash(word));
    return std::string(name.empty() ? word : name);
  };
  std::string one;
  if (const std::string_view god = of_god(latin); !god.empty()) one = usual(god) + "ullah";
  else if (const std::string_view servant = servant_of(latin); !servant.empty()) one = "abd" + usual(servant);
  else if (const std::string_view faith = of_the_faith(latin); !faith.empty()) one = usual(faith) + "din";
  if (one.empty() || one == latin) return;
  add_text(FormKind::bare, first, count, one, log_probability);
}

/// The same for compounds whose words stand apart.
void Builder::arabic_compounds(std::size_t i) {
  const std::size_t size = name_.tokens_.size();
  const Script script = name_.tokens_[i].script;
  if ((script != Script::latin && script != Script::arabic) || i + 1 >= size || is(i, Role::honorific)) return;
  // The word after, past one article.
  std::size_t last = i + 1;
  if (is(last, Role::particle) && !extras_[last].servant && last + 1 < size && name_.tokens_[last].size <= 4) ++last;
  if (name_.tokens_[last].script != script) return;
  const std::size_t count = last + 1 - i;
  const bool native = script == Script::arabic;
  const std::string_view word = letters(last);
  std::vector<Rendering>& heads = name_.scratch_->more;
  const auto heads_of = [&](std::size_t token, bool without_article) {
    if (!native) {
      heads.assign(1, {std::string(letters(token)), 0.0F});
      if (const std::string_view name = lexicon_.variant_of(letters(token), extras_[token].hash);
          !name.empty() && name != heads[0].latin)
        heads.push_back({std::string(name), -0.1F});
      return;
    }
    std::u32string_view text = raw(token);
    if (without_article && text.size() >= 4 && text[0] == 0x627 && text[1] == 0x644) text.remove_prefix(2);
    renderings_of(text, Script::arabic, depth_ == Depth::query ? 3 : 2, heads);
    for (std::size_t k = 0, known = heads.size(); k < known; ++k)
      if (const std::string_view name = lexicon_.variant_of(heads[k].latin, WordTable::hash(heads[k].latin));
          !name.empty())
        merge_rendering(heads, std::string(name), heads[k].log_probability - 0.1F);
  };
  std::string joined;
  if (extras_[i].servant && !is_god(word)) {
    heads_of(last, true);
    for (const Rendering& head : heads) {
      add_text(FormKind::glued, i, count, joined.assign("abd") + head.latin, head.log_probability - 0.2F);
      skeletons_of(i, count, joined, head.log_probability - 0.2F);
    }
  } else if (is_god(word) || is_faith(word)) {
    if (extras_[i].servant) heads.assign(1, {"abd", 0.0F});
    else heads_of(i, false);
    for (const Rendering& head : heads) {
      add_text(FormKind::glued, i, count, joined.assign(head.latin) + (is_god(word) ? "ullah" : "din"),
               head.log_probability - 0.2F);
      skeletons_of(i, count, joined, head.log_probability - 0.2F);
    }
  }
}

}  // namespace entraide::text
