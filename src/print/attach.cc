// Files inside the PDF, its language, and the same bytes for the same document: what this cairo cannot do.

#include "print/embed.h"
#include "print/print.h"

namespace entraide::print {

Result<Bytes> attach(BytesView pdf, const Document& document) {
  std::vector<Embedded> files;
  for (const Attachment& one : document.attachments)
    files.push_back({one.name, one.type, one.description, std::string(text_of(one.bytes))});
  try {
    return to_bytes(embed(std::string(text_of(pdf)), document.language, files));
  } catch (const std::exception& error) {
    return fail(Errc::internal, "print.pdf", std::string("print: ") + error.what());
  }
}

}  // namespace entraide::print
