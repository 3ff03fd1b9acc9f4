#pragma once

// A dignified document on paper: titles, labelled answers, running text in any script and direction, codes to scan; on
// every page its reference and "page n of m"; with files attached. What it says is the caller's; this knows nothing of cases.
//
// Pango shapes and breaks lines, cairo draws, qpdf attaches. The same document gives the same bytes.

#include "base/base.h"

namespace entraide::print {

enum class Paper { a4, letter };

struct Block {
  enum class Kind {
    title,  // once, at the top
    heading,  // of a section; never the last line of a page
    subheading,
    field,  // `label`, then `text`
    paragraph,
    note,  // small and grey
    mark,  // `label` in a frame ("verified"), then `text`
    code,  // `text` as a QR code, `label` beside it
    new_page,
  };
  Kind kind = Kind::paragraph;
  std::string text;
  std::string label = {};
};

struct Attachment {
  std::string name;  // "request.json"
  std::string type;  // "application/json"
  std::string description;
  Bytes bytes;
};

struct Document {
  std::string title;
  std::string reference;  // at the top of every page
  std::string language = "en";  // of the frame: direction of header and footer, and what a reader's voice speaks
  std::string page_words = "page {n} of {m}";
  std::string stamp;  // at the foot of every page: "Copy, printed ..."
  Time made;
  Paper paper = Paper::a4;
  std::vector<Block> blocks;
  std::vector<Attachment> attachments;
};

/// The document as PDF. Text is UTF-8. Rules: print.font (letters that no font here has; install fonts-noto-core),
/// print.code (over 2,900 bytes for a QR code), print.size (over 2,000 pages), print.pdf.
Result<Bytes> to_pdf(const Document& document);

}  // namespace entraide::print
