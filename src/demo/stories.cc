#include "demo/stories.h"

#include <map>

namespace entraide::demo {
namespace {

using codec::Json;

// Words in French and in English.
struct InTwo {
  const char *fr, *en;
};
// The name by which an investigation goes, so that one case is told from the next.
constexpr InTwo kOperations[] = {
    {"Grèbe", "Grebe"},       {"Martre", "Marten"},        {"Courlis", "Curlew"}, {"Belette", "Weasel"},
    {"Huppe", "Hoopoe"},      {"Loriot", "Oriole"},        {"Hermine", "Ermine"}, {"Sarcelle", "Teal"},
    {"Blaireau", "Badger"},   {"Cigogne", "Stork"},        {"Loutre", "Otter"},   {"Vanneau", "Lapwing"},
    {"Hérisson", "Hedgehog"}, {"Busard", "Harrier"},       {"Genette", "Genet"},  {"Alouette", "Skylark"},
    {"Chamois", "Chamois"},   {"Macareux", "Puffin"},      {"Putois", "Polecat"}, {"Bécasse", "Woodcock"},
    {"Lynx", "Lynx"},         {"Engoulevent", "Nightjar"}, {"Campagnol", "Vole"}, {"Tadorne", "Shelduck"},
    {"Mouflon", "Mouflon"},   {"Roitelet", "Wren"},        {"Castor", "Beaver"},  {"Avocette", "Avocet"},
    {"Lérot", "Dormouse"},
};

}  // namespace

std::string summary_of(const rulebook::Rulebook& rules, std::string_view type, std::size_t story, bool in_french) {
  static const std::map<std::string_view, InTwo> openings = {
      {"assistance.request",
       {"Identité et connexions de trois comptes de messagerie ; virements détournés de onze entreprises",
        "Identity and log-ins of three mail accounts; transfers diverted from eleven companies"}},
      {"preservation.request",
       {"Conserver les données de trafic de trois comptes avant leur effacement",
        "Preserve the traffic data of three accounts before they are deleted"}},
      {"contact-point.request",
       {"Conserver les journaux de deux serveurs ; durée de conservation du fournisseur",
        "Preserve the logs of two servers; how long the provider keeps them"}},
      {"contact-point.emergency",
       {"Danger pour une personne : localiser l’abonné d’une adresse IP",
        "A person in danger: locate the subscriber of an IP address"}},
      {"contact-point.enter-oral",
       {"Demandé par téléphone : journaux de deux serveurs, à confirmer par écrit",
        "Asked by telephone: logs of two servers, to be confirmed in writing"}},
      {"police-information.request",
       {"Titulaire d’un compte bancaire qui a reçu onze virements frauduleux",
        "Holder of a bank account that received eleven fraudulent transfers"}},
      {"spontaneous.send",
       {"Des messageries d’entreprises ont été lues : listes trouvées sur un serveur saisi",
        "Mailboxes of eleven companies were read: lists found on a seized server"}},
      {"spontaneous.announce",
       {"Listes de messageries lues, offertes sous conditions",
        "Lists of mailboxes that were read, offered on terms"}},
      {"permission.ask",
       {"Les listes peuvent-elles servir dans une seconde affaire devant le même tribunal ?",
        "May the lists be used in a second case before the same court?"}},
      {"message.open",
       {"Projet d’une demande à venir : dites si elle suffirait",
        "Draft of a request to come: please say whether it would be enough"}}};
  if (const auto found = openings.find(type); found != openings.end()) {
    const InTwo& operation = kOperations[story % std::size(kOperations)];
    return in_french ? std::string(operation.fr) + " – " + found->second.fr
                     : std::string(operation.en) + " – " + found->second.en;
  }
  const std::string_view words = rules.word(in_french ? "fr" : "en", "act." + std::string(type));
  return std::string(words.empty() ? type : words);
}

void number(Json& values, std::size_t story) {
  const Json* reference = values.find("reference");
  if (reference == nullptr || !reference->is_string()) return;
  std::string text = reference->string();
  const std::size_t digits = text.find_last_not_of("0123456789") + 1;
  if (text.size() - digits < 3) return;
  const std::string own = std::to_string(400 + story);
  text.replace(text.size() - own.size(), own.size(), own);
  values.set("reference", text);
}

}  // namespace entraide::demo
