#include "print/embed.h"

#define POINTERHOLDER_TRANSITION 4  // std::shared_ptr, and no warning about what was before
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFEFStreamObjectHelper.hh>
#include <qpdf/QPDFEmbeddedFileDocumentHelper.hh>
#include <qpdf/QPDFFileSpecObjectHelper.hh>
#include <qpdf/QPDFWriter.hh>

namespace entraide::print {

std::string embed(const std::string& pdf, const std::string& language, const std::vector<Embedded>& files) {
  QPDF file;
  file.processMemoryFile("print", pdf.data(), pdf.size());
  file.getRoot().replaceKey("/Lang", QPDFObjectHandle::newUnicodeString(language));
  QPDFEmbeddedFileDocumentHelper inside(file);
  for (const Embedded& one : files) {
    auto stream = QPDFEFStreamObjectHelper::createEFStream(file, one.bytes);
    stream.setSubtype(one.type);
    auto spec = QPDFFileSpecObjectHelper::createFileSpec(file, one.name, stream);
    spec.setDescription(one.description);
    spec.getObjectHandle().replaceKey("/AFRelationship", QPDFObjectHandle::newName("/Source"));
    inside.replaceEmbeddedFile(one.name, spec);
  }
  QPDFWriter writer(file);
  writer.setOutputMemory();
  writer.setDeterministicID(true);
  writer.setObjectStreamMode(qpdf_o_generate);
  writer.write();
  const std::shared_ptr<Buffer> buffer = writer.getBufferSharedPointer();
  return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
}

}  // namespace entraide::print
