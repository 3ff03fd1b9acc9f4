#pragma once

// The few words that stand around a printed case, in the four languages.

#include <array>
#include <string>
#include <string_view>

namespace entraide::cli {

enum class PrintWord {
  page,
  stamp,
  from,
  to,
  reference,
  basis,
  state,
  signed_by,
  translation,
  checked_by,
  files,
  proof,
  verified,
  not_verified,
  receipt,
  closed,
  yes,
  no,
  attached
};

/// In one of en, fr, es, ar; English for any other.
inline std::string_view print_word(PrintWord word, std::string_view language) {
  using Row = std::array<std::string_view, 4>;
  static constexpr Row rows[] = {
      {"page {n} of {m}", "page {n} sur {m}", "página {n} de {m}", "صفحة {n} من {m}"},
      {"Copy, printed", "Copie imprimée", "Copia impresa", "نسخة مطبوعة"},
      {"From", "De", "De", "من"},
      {"To", "À", "Para", "إلى"},
      {"Reference", "Référence", "Referencia", "المرجع"},
      {"Legal basis", "Base légale", "Base jurídica", "الأساس القانوني"},
      {"State", "État", "Estado", "الحالة"},
      {"Signed by", "Signé par", "Firmado por", "موقّع من"},
      {"Translation", "Traduction", "Traducción", "ترجمة"},
      {"checked by", "vérifiée par", "revisada por", "راجعها"},
      {"Files", "Fichiers", "Archivos", "الملفات"},
      {"Proof", "Preuve", "Prueba", "الإثبات"},
      {"verified here", "vérifié ici", "verificado aquí", "تم التحقق منه هنا"},
      {"DOES NOT HOLD", "NE TIENT PAS", "NO ES VÁLIDO", "غير صحيح"},
      {"Receipt, for any tlog-proof reader", "Récépissé, pour tout lecteur de tlog-proof",
       "Recibo, para cualquier lector de tlog-proof", "إيصال يقرؤه أي برنامج لصيغة tlog-proof"},
      {"sealed to others", "scellé pour d’autres", "sellado para otros", "مختوم لغيركم"},
      {"yes", "oui", "sí", "نعم"},
      {"no", "non", "no", "لا"},
      {"Attached to this file: the acts, their receipts, and the signed texts as they were sent. They hold the keys "
       "of "
       "the case’s files: keep this copy as you keep the case.",
       "Joints à ce fichier : les actes, leurs récépissés et les textes signés tels qu’ils ont été envoyés. Ils "
       "contiennent les clés des fichiers du dossier : conservez cette copie comme le dossier lui-même.",
       "Adjuntos a este archivo: los actos, sus recibos y los textos firmados tal como se enviaron. Contienen las "
       "claves de los archivos del caso: guarde esta copia como guarda el caso.",
       "مرفق بهذا الملف: التصرفات وإيصالاتها والنصوص الموقّعة كما أُرسلت. وهي تتضمن مفاتيح ملفات القضية: احفظوا هذه "
       "النسخة "
       "كما تحفظون ملف القضية."},
  };
  const std::size_t column = language == "fr" ? 1 : language == "es" ? 2 : language == "ar" ? 3 : 0;
  return rows[static_cast<std::size_t>(word)][column];
}

}  // namespace entraide::cli
