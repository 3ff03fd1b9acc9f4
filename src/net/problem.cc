#include "net/problem.h"

namespace entraide::net {
namespace {

using codec::Json;

struct Words {
  std::string_view en, fr, es, ar;
  std::string_view in(Language language) const {
    switch (language) {
      case Language::en: return en;
      case Language::fr: return fr;
      case Language::es: return es;
      case Language::ar: return ar;
    }
    return en;
  }
};

struct StatusWords {
  int status;
  Words words;
};

constexpr StatusWords kStatusWords[] = {
    {400, {"Bad request", "Requête incorrecte", "Solicitud incorrecta", "طلب غير صحيح"}},
    {401, {"Not signed in", "Non authentifié", "Sin autenticar", "لم يتم تسجيل الدخول"}},
    {403, {"Not allowed", "Non autorisé", "No permitido", "غير مسموح"}},
    {404, {"Not found", "Introuvable", "No encontrado", "غير موجود"}},
    {405,
     {"Method not allowed here", "Méthode non admise ici", "Método no admitido aquí", "الطريقة غير مسموح بها هنا"}},
    {408,
     {"The request came too slowly", "La requête est arrivée trop lentement", "La solicitud llegó demasiado despacio",
      "وصل الطلب ببطء شديد"}},
    {409, {"Changed in the meantime", "Modifié entre-temps", "Modificado entretanto", "تغيّر في هذه الأثناء"}},
    {412,
     {"Not the expected version", "Pas la version attendue", "No es la versión esperada", "ليست النسخة المتوقعة"}},
    {413, {"Too large", "Trop volumineux", "Demasiado grande", "كبير جدًا"}},
    {415,
     {"Content type not accepted", "Type de contenu non accepté", "Tipo de contenido no aceptado",
      "نوع المحتوى غير مقبول"}},
    {416,
     {"No such part of the file", "Cette partie du fichier n’existe pas", "Esa parte del archivo no existe",
      "هذا الجزء من الملف غير موجود"}},
    {417,
     {"Expectation cannot be met", "Attente impossible à satisfaire", "Expectativa imposible de cumplir",
      "لا يمكن تلبية التوقع"}},
    {422, {"Not valid", "Non valable", "No válido", "غير صالح"}},
    {428,
     {"State the version that you change", "Indiquez la version que vous modifiez", "Indique la versión que modifica",
      "اذكر النسخة التي تعدّلها"}},
    {429, {"Too many requests", "Trop de requêtes", "Demasiadas solicitudes", "طلبات كثيرة جدًا"}},
    {431,
     {"The headers are too large", "Les en-têtes sont trop volumineux", "Las cabeceras son demasiado grandes",
      "الترويسات كبيرة جدًا"}},
    {500, {"An error of ours", "Une erreur de notre part", "Un error nuestro", "خطأ من جانبنا"}},
    {501, {"Not supported", "Non pris en charge", "No admitido", "غير مدعوم"}},
    {503,
     {"Busy; try again later", "Occupé ; réessayez plus tard", "Ocupado; inténtelo más tarde", "مشغول، حاول لاحقًا"}},
    {505,
     {"Only HTTP/1.1 is spoken here", "Seul HTTP/1.1 est pris en charge", "Solo se admite HTTP/1.1",
      "لا يُقبل هنا سوى HTTP/1.1"}},
};

// The problems of the protocol itself. What they are about is in the status; the rule says which of several.
struct ProtocolRule {
  std::string_view rule;
  int status;
};

constexpr ProtocolRule kProtocolRules[] = {
    {"http.request.malformed", 400},  // not HTTP, or framed two ways
    {"http.request.target", 400},     // the path or query does not decode
    {"http.request.host", 400},       // no Host, or several
    {"http.not-found", 404},
    {"http.method", 405},
    {"http.request.slow", 408},
    {"http.body.too-large", 413},
    {"http.range", 416},
    {"http.expectation", 417},        // Expect asks for other than 100-continue
    {"http.headers.too-large", 431},
    {"http.internal", 500},           // a handler let its reply go
    {"http.body.coding", 501},        // a Transfer-Encoding other than chunked
    {"http.busy", 503},               // connections, bodies in memory, or the pool's queue are at their limit
    {"http.version", 505},
};

Json fault_json(const Fault& fault) {
  Json out = Json::object({{"pointer", fault.pointer}, {"code", fault.code}});
  if (!fault.params.is_null()) out.set("params", fault.params);
  return out;
}

}  // namespace

std::string_view title_of(int status, Language language) {
  for (const StatusWords& entry : kStatusWords)
    if (entry.status == status) return entry.words.in(language);
  return reason_of(status);
}

Response to_response(const Problem& problem) {
  const std::string type = problem.rule.empty() ? "about:blank" : std::string(kProblemTypeBase) + problem.rule;
  Json body = Json::object({{"type", type}, {"title", problem.title}, {"status", problem.status}});
  if (!problem.detail.empty()) body.set("detail", problem.detail);
  if (!problem.instance.empty()) body.set("instance", problem.instance);
  if (!problem.trace_id.empty()) body.set("trace_id", problem.trace_id);
  if (!problem.rule.empty()) body.set("rule", problem.rule);
  if (!problem.errors.empty()) {
    Json::Array errors;
    for (const Fault& fault : problem.errors) errors.push_back(fault_json(fault));
    body.set("errors", std::move(errors));
  }
  if (problem.retry_after) body.set("retry_after", problem.retry_after->count());
  if (problem.more.is_object())
    for (const auto& [name, value] : problem.more.members())
      if (!body.find(name)) body.set(name, value);

  Response out = Response::of(problem.status, "application/problem+json", codec::to_json(body));
  out.headers.add("Cache-Control", "no-store");
  if (problem.retry_after) out.headers.add("Retry-After", std::to_string(problem.retry_after->count()));
  out.rule = problem.rule;
  return out;
}

int status_of(Errc code) {
  switch (code) {
    case Errc::invalid: return 422;
    case Errc::too_large: return 413;
    case Errc::unauthenticated: return 401;
    case Errc::refused: return 403;
    case Errc::not_found: return 404;
    case Errc::conflict: return 409;
    case Errc::not_authentic: return 422;
    case Errc::unavailable: return 503;
    case Errc::storage: return 503;
    case Errc::internal: return 500;
  }
  return 500;
}

Response problem(const Error& error, const Request& request, std::optional<Seconds> retry_after) {
  Problem out;
  out.status = status_of(error.code);
  out.rule = error.rule;
  out.title = title_of(out.status, request.language);
  out.trace_id = request.trace_id;
  out.retry_after = retry_after;
  const bool ours = error.code == Errc::storage || error.code == Errc::internal;
  if (!ours) {
    out.detail = error.message;
    if (!error.path.empty()) out.more = Json::object({{"path", error.path}});
  }
  Response response = to_response(out);
  if (ours) response.log_note = error.message;
  return response;
}

Problem protocol_problem(std::string_view rule, Language language, std::string_view trace_id) {
  for (const ProtocolRule& known : kProtocolRules) {
    if (known.rule != rule) continue;
    Problem out;
    out.status = known.status;
    out.rule = rule;
    out.title = title_of(known.status, language);
    out.trace_id = trace_id;
    return out;
  }
  ENSURE(!"a protocol rule is one of the table");
  return {};
}

}  // namespace entraide::net
