#pragma once

// What is drawn where, found before anything is drawn: only then is it known how many pages there are. This folder's affair.

#include <memory>
#include <variant>

#include <pango/pangocairo.h>

#include "print/print.h"

namespace entraide::print {

template <auto f>
struct Free {
  template <class T>
  void operator()(T* object) const {
    f(object);
  }
};
using Layout = std::shared_ptr<PangoLayout>;
using Surface = std::unique_ptr<cairo_surface_t, Free<cairo_surface_destroy>>;
using Cairo = std::unique_ptr<cairo_t, Free<cairo_destroy>>;

// All lengths in points.
struct PaperSize {
  double width, height;
};
constexpr PaperSize size_of(Paper paper) {
  return paper == Paper::a4 ? PaperSize{595.276, 841.890} : PaperSize{612, 792};
}
constexpr double kMargin = 62;  // 22 mm
constexpr double kTop = 84;  // below the header
constexpr double kBottom = 76;  // above the footer

struct Grey {
  double value = 0;
};

/// One line of a paragraph.
struct Line {
  Layout layout;
  int index = 0;
  double x = 0, baseline = 0;
  Grey grey;
};
struct Box {
  double x = 0, y = 0, width = 0, height = 0;
  bool filled = false;
};
struct Element {
  std::string tag;  // H1, H2, P: for who reads by ear
  std::vector<std::variant<Line, Box>> marks;
};
using Page = std::vector<Element>;

/// Everything but header and footer. Rules: print.font, print.code, print.size.
Result<std::vector<Page>> lay_out(const Document& document, PangoContext* context);

/// A paragraph of `width` points.
Layout make_layout(PangoContext* context, std::string_view text, double points, bool bold, double width);

}  // namespace entraide::print
