#include "print/print.h"

#include <cairo-pdf.h>

#include "print/page.h"

namespace entraide::print {

// attach.cc
Result<Bytes> attach(BytesView pdf, const Document& document);

namespace {

cairo_status_t take(void* to, const unsigned char* data, unsigned int size) {
  append(*static_cast<Bytes*>(to), BytesView(data, size));
  return CAIRO_STATUS_SUCCESS;
}

std::string iso(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<Seconds>(time) - day);
  char out[32];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return out;
}

std::string page_words(std::string words, std::size_t n, std::size_t m) {
  for (const auto& [place, number] : {std::pair{"{n}", n}, std::pair{"{m}", m}})
    if (const std::size_t at = words.find(place); at != std::string::npos)
      words.replace(at, 3, std::to_string(number));
  return words;
}

void show(cairo_t* cairo, const Line& line) {
  cairo_set_source_rgb(cairo, line.grey.value, line.grey.value, line.grey.value);
  cairo_move_to(cairo, line.x, line.baseline);
  pango_cairo_show_layout_line(cairo, pango_layout_get_line_readonly(line.layout.get(), line.index));
}

void show(cairo_t* cairo, const Box& box) {
  cairo_set_source_rgb(cairo, 0, 0, 0);
  cairo_rectangle(cairo, box.x, box.y, box.width, box.height);
  if (box.filled) {
    cairo_fill(cairo);
  } else {
    cairo_set_line_width(cairo, 0.8);
    cairo_stroke(cairo);
  }
}

// One line at the edge of the page: its beginning on the left, its end on the right, or the other way about.
void edge(cairo_t* cairo, PangoContext* context, PaperSize paper, double y, const std::string& first,
          const std::string& last) {
  cairo_set_source_rgb(cairo, 0.3, 0.3, 0.3);
  for (const auto& [text, at_start] : {std::pair{first, true}, std::pair{last, false}}) {
    const Layout layout = make_layout(context, text, 8.5, false, paper.width);
    pango_layout_set_width(layout.get(), -1);
    int width = 0, height = 0;
    pango_layout_get_size(layout.get(), &width, &height);
    const double x = at_start ? kMargin : paper.width - kMargin - static_cast<double>(width) / PANGO_SCALE;
    cairo_move_to(cairo, x, y);
    pango_cairo_show_layout(cairo, layout.get());
  }
}

}  // namespace

Result<Bytes> to_pdf(const Document& document) {
  const PaperSize paper = size_of(document.paper);
  Bytes out;
  Surface surface(cairo_pdf_surface_create_for_stream(&take, &out, paper.width, paper.height));
  Cairo cairo(cairo_create(surface.get()));
  const std::string made = iso(document.made);
  for (const auto& [what, value] :
       {std::pair{CAIRO_PDF_METADATA_TITLE, document.reference + " " + document.title},
        std::pair{CAIRO_PDF_METADATA_CREATOR, std::string("Entraide")},
        std::pair{CAIRO_PDF_METADATA_CREATE_DATE, made}, std::pair{CAIRO_PDF_METADATA_MOD_DATE, made}})
    cairo_pdf_surface_set_metadata(surface.get(), what, value.c_str());

  const std::unique_ptr<PangoContext, Free<g_object_unref>> context(pango_cairo_create_context(cairo.get()));
  pango_context_set_language(context.get(), pango_language_from_string(document.language.c_str()));
  const bool mirrored = document.language == "ar";
  pango_context_set_base_dir(context.get(), mirrored ? PANGO_DIRECTION_WEAK_RTL : PANGO_DIRECTION_WEAK_LTR);
  const auto pages = TRY(lay_out(document, context.get()));

  cairo_tag_begin(cairo.get(), "Document", nullptr);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const std::string count = page_words(document.page_words, i + 1, pages.size());
    // Header and footer are no part of what is read: they stay outside the tags of the text.
    const std::pair top{document.reference, std::string("Entraide")}, foot{count, document.stamp};
    const auto line = [&](double y, const std::pair<std::string, std::string>& words) {
      edge(cairo.get(), context.get(), paper, y, mirrored ? words.second : words.first,
           mirrored ? words.first : words.second);
    };
    line(42, top);
    line(paper.height - 54, foot);
    cairo_set_source_rgb(cairo.get(), 0.6, 0.6, 0.6);
    cairo_set_line_width(cairo.get(), 0.5);
    for (const double y : {60.0, paper.height - 60}) {
      cairo_move_to(cairo.get(), kMargin, y);
      cairo_line_to(cairo.get(), paper.width - kMargin, y);
      cairo_stroke(cairo.get());
    }
    for (const Element& element : pages[i]) {
      if (element.marks.empty()) continue;
      cairo_tag_begin(cairo.get(), element.tag.c_str(), nullptr);
      for (const auto& mark : element.marks) std::visit([&](const auto& what) { show(cairo.get(), what); }, mark);
      cairo_tag_end(cairo.get(), element.tag.c_str());
    }
    cairo_show_page(cairo.get());
  }
  cairo_tag_end(cairo.get(), "Document");
  cairo.reset();
  cairo_surface_finish(surface.get());
  if (const cairo_status_t status = cairo_surface_status(surface.get()); status != CAIRO_STATUS_SUCCESS)
    return fail(Errc::internal, "print.pdf", std::string("print: ") + cairo_status_to_string(status));
  return attach(out, document);
}

}  // namespace entraide::print
