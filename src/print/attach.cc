// Files inside the PDF, its language, and the same bytes for the same document: what this cairo cannot do.

#define POINTERHOLDER_TRANSITION 4  // std::shared_ptr, and no warning about what was before
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFEFStreamObjectHelper.hh>
#include <qpdf/QPDFEmbeddedFileDocumentHelper.hh>
#include <qpdf/QPDFFileSpecObjectHelper.hh>
#include <qpdf/QPDFWriter.hh>

#include "print/print.h"

namespace entraide::print {

Result<Bytes> attach(BytesView pdf, const Document& document) {
  try {
    QPDF file;
    file.processMemoryFile("print", reinterpret_cast<const char*>(pdf.data()), pdf.size());
    file.getRoot().replaceKey("/Lang", QPDFObjectHandle::newUnicodeString(document.language));
    QPDFEmbeddedFileDocumentHelper files(file);
    for (const Attachment& one : document.attachments) {
      auto stream = QPDFEFStreamObjectHelper::createEFStream(
          file, std::string(reinterpret_cast<const char*>(one.bytes.data()), one.bytes.size()));
      stream.setSubtype(one.type);
      auto spec = QPDFFileSpecObjectHelper::createFileSpec(file, one.name, stream);
      spec.setDescription(one.description);
      spec.getObjectHandle().replaceKey("/AFRelationship", QPDFObjectHandle::newName("/Source"));
      files.replaceEmbeddedFile(one.name, spec);
    }
    QPDFWriter writer(file);
    writer.setOutputMemory();
    writer.setDeterministicID(true);
    writer.setObjectStreamMode(qpdf_o_generate);
    writer.write();
    const std::shared_ptr<Buffer> buffer = writer.getBufferSharedPointer();
    return Bytes(buffer->getBuffer(), buffer->getBuffer() + buffer->getSize());
  } catch (const std::exception& error) {
    return fail(Errc::internal, "print.pdf", std::string("print: ") + error.what());
  }
}

}  // namespace entraide::print
