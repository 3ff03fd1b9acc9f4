#include <qrencode.h>

#include <algorithm>

#include "print/page.h"

namespace entraide::print {
namespace {

constexpr std::size_t kPagesMax = 2000;
constexpr std::size_t kCodeBytesMax = 2900;
constexpr double kModule = 1.45;       // points: half a millimetre, which a telephone reads
constexpr double kFramePadding = 3;

struct Style {
  double points;
  bool bold;
  double before, after;
  double grey;
  const char* tag;
};

Style style_of(Block::Kind kind) {
  switch (kind) {
    case Block::Kind::title: return {19, true, 0, 10, 0, "H1"};
    case Block::Kind::heading: return {13.5, true, 16, 5, 0, "H2"};
    case Block::Kind::subheading: return {11, true, 9, 3, 0, "H3"};
    case Block::Kind::note: return {8.5, false, 2, 2, 0.35, "P"};
    default: return {10.5, false, 2, 4, 0, "P"};
  }
}

// Puts lines one under the other and begins a page where one is full.
class Setter {
 public:
  Setter(const Document& document, PangoContext* context)
      : context_(context), paper_(size_of(document.paper)), width_(paper_.width - 2 * kMargin), pages_(1) {}

  Result<> set(const Block& block) {
    const Style style = style_of(block.kind);
    switch (block.kind) {
      case Block::Kind::new_page: new_page(); return {};
      case Block::Kind::code: return code(block);
      case Block::Kind::field: return field(block);
      case Block::Kind::mark: return mark(block);
      default: break;
    }
    space(style.before);
    // A heading keeps a few lines of what it heads.
    if (style.bold) need(style.points * 5);
    TRY(paragraph(block.text, style, 0));
    space(style.after);
    return {};
  }
  Result<std::vector<Page>> finish() {
    if (pages_.size() > kPagesMax) return fail(Errc::too_large, "print.size", "print: more than 2,000 pages");
    return std::move(pages_);
  }

 private:
  double floor() const { return paper_.height - kBottom; }
  void space(double points) {
    if (y_ > kTop) y_ += points;
  }
  void new_page() {
    if (pages_.back().empty()) return;
    pages_.emplace_back();
    y_ = kTop;
  }
  void need(double height) {
    if (y_ + height > floor()) new_page();
  }
  Element& element(const char* tag) {
    pages_.back().push_back({tag, {}});
    return pages_.back().back();
  }

  Result<Layout> layout(std::string_view text, double points, bool bold, double width) {
    Layout out = make_layout(context_, text, points, bold, width);
    if (pango_layout_get_unknown_glyphs_count(out.get()) > 0)
      return fail(Errc::internal, "print.font",
                  "print: no font here has some of the letters; install fonts-noto-core");
    return out;
  }

  Result<> paragraph(std::string_view text, const Style& style, double indent) {
    if (pages_.size() > kPagesMax) return {};
    const Layout set = TRY(layout(text, style.points, style.bold, width_ - 2 * indent));
    Element* to = &element(style.tag);
    for (int i = 0; i < pango_layout_get_line_count(set.get()); ++i) {
      PangoLayoutLine* line = pango_layout_get_line_readonly(set.get(), i);
      PangoRectangle box;
      pango_layout_line_get_extents(line, nullptr, &box);
      const double height = static_cast<double>(box.height) / PANGO_SCALE;
      if (y_ + height > floor()) {
        new_page();
        to = &element(style.tag);
      }
      // Where the line begins within the paragraph, right-to-left ones at the right.
      int start = 0;
      pango_layout_line_get_extents(line, nullptr, &box);
      PangoLayoutIter* at = pango_layout_get_iter(set.get());
      for (int skip = 0; skip < i; ++skip) pango_layout_iter_next_line(at);
      PangoRectangle place;
      pango_layout_iter_get_line_extents(at, nullptr, &place);
      start = place.x;
      pango_layout_iter_free(at);
      to->marks.emplace_back(Line{set,
                                  i,
                                  kMargin + indent + static_cast<double>(start) / PANGO_SCALE,
                                  y_ - static_cast<double>(box.y) / PANGO_SCALE,
                                  {style.grey}});
      y_ += height;
    }
    return {};
  }

  Result<> field(const Block& block) {
    space(4);
    need(34);
    TRY(paragraph(block.label, {8.5, true, 0, 0, 0.3, "P"}, 0));
    TRY(paragraph(block.text, style_of(Block::Kind::paragraph), 0));
    space(2);
    return {};
  }

  // A word in a frame, so that it says the same without colour.
  Result<> mark(const Block& block) {
    space(3);
    const Layout word = TRY(layout(block.label, 8.5, true, width_ / 2));
    pango_layout_set_width(word.get(), -1);
    int w = 0, h = 0;
    pango_layout_get_size(word.get(), &w, &h);
    const double width = static_cast<double>(w) / PANGO_SCALE, height = static_cast<double>(h) / PANGO_SCALE;
    need(height + 2 * kFramePadding + 24);
    Element& to = element("P");
    PangoRectangle box;
    pango_layout_line_get_extents(pango_layout_get_line_readonly(word.get(), 0), nullptr, &box);
    to.marks.emplace_back(Box{kMargin, y_, width + 2 * kFramePadding, height + 2 * kFramePadding, false});
    to.marks.emplace_back(
        Line{word, 0, kMargin + kFramePadding, y_ + kFramePadding - static_cast<double>(box.y) / PANGO_SCALE, {}});
    y_ += height + 2 * kFramePadding + 2;
    TRY(paragraph(block.text, {9.5, false, 0, 0, 0, "P"}, 0));
    return {};
  }

  Result<> code(const Block& block) {
    if (block.text.size() > kCodeBytesMax)
      return fail(Errc::too_large, "print.code", "print: a QR code holds at most 2,900 bytes");
    const std::unique_ptr<QRcode, Free<QRcode_free>> qr(
        QRcode_encodeData(static_cast<int>(block.text.size()),
                          reinterpret_cast<const unsigned char*>(block.text.data()), 0, QR_ECLEVEL_L));
    if (qr == nullptr) return fail(Errc::internal, "print.code", "print: the QR code cannot be made");
    const double side = kModule * (qr->width + 8);  // with its quiet zone
    space(8);
    need(side + 30);
    Element& to = element("Figure");
    for (int row = 0; row < qr->width; ++row)
      for (int column = 0; column < qr->width; ++column) {
        // A run of dark modules is one box: no hairlines between them.
        int end = column;
        while (end < qr->width && (qr->data[row * qr->width + end] & 1) != 0) ++end;
        if (end == column) continue;
        to.marks.emplace_back(
            Box{kMargin + kModule * (column + 4), y_ + kModule * (row + 4), kModule * (end - column), kModule, true});
        column = end;
      }
    y_ += side;
    TRY(paragraph(block.label, style_of(Block::Kind::note), 0));
    space(6);
    return {};
  }

  PangoContext* context_;
  const PaperSize paper_;
  const double width_;
  std::vector<Page> pages_;
  double y_ = kTop;
};

}  // namespace

Layout make_layout(PangoContext* context, std::string_view text, double points, bool bold, double width) {
  Layout out(pango_layout_new(context), [](PangoLayout* layout) { g_object_unref(layout); });
  PangoFontDescription* font =
      pango_font_description_from_string("Noto Sans, Noto Sans Arabic, DejaVu Sans, sans-serif");
  pango_font_description_set_absolute_size(font, points * PANGO_SCALE);
  pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(out.get(), font);
  pango_font_description_free(font);
  pango_layout_set_wrap(out.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_width(out.get(), static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_line_spacing(out.get(), 1.15F);
  pango_layout_set_text(out.get(), text.data(), static_cast<int>(text.size()));
  return out;
}

Result<std::vector<Page>> lay_out(const Document& document, PangoContext* context) {
  Setter setter(document, context);
  TRY(setter.set({Block::Kind::title, document.title}));
  for (const Block& block : document.blocks) TRY(setter.set(block));
  return setter.finish();
}

}  // namespace entraide::print
