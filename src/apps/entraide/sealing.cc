// seal, open: one file to authorities, as age does it: standard input to standard output unless said otherwise.

#include <iostream>

#include <unistd.h>

#include "apps/entraide/case_view.h"
#include "client/files.h"
#include "codec/codec.h"
#include "crypto/content.h"
#include "crypto/jwe.h"

namespace entraide::cli {
namespace {

using codec::Json;

constexpr std::string_view kContext = "file";

Result<> write(Context& context, BytesView bytes, bool is_text) {
  if (const auto file = context.args().get("out")) return client::write_file_whole(*file, bytes);
  if (!is_text && ::isatty(STDOUT_FILENO) != 0)
    return fail(Errc::invalid, "usage", "the content is not text: give --out FILE, it would spoil the terminal");
  if (is_text && ::isatty(STDOUT_FILENO) != 0) context.out().text(safe(text_of(bytes)));
  else context.out().text(text_of(bytes));
  return {};
}

/// {"format":"entraide-sealed/1","to":[{"au","g"}],"cc","jwe"}: what `open` needs besides its key.
Result<> seal(Context& context) {
  client::Mirror* mirror = TRY(context.fresh_mirror());
  std::vector<Subject> readers;
  for (const std::string& name : context.args().all("recipient"))
    readers.push_back(TRY(parse_subject(name.starts_with("authority:") ? name.substr(10) : name)));
  const std::string content = TRY(read_text(context.args().get_or("FILE", "-"), crypto::kDocumentBytesMax));
  const client::SealedOne sealed =
      TRY(client::seal_one(mirror->directory(), bytes_of(content), "doc", kContext, readers, context.random()));
  Json to = Json::array();
  for (const act::SealedTo& one : sealed.ref.to)
    to.push_back(Json::object({{"au", one.authority.str()}, {"g", one.generation}}));
  const std::string text = codec::to_json(Json::object({{"format", "entraide-sealed/1"},
                                                        {"to", std::move(to)},
                                                        {"cc", sealed.ref.content_commitment},
                                                        {"jwe", sealed.jwe}})) +
                           "\n";
  return write(context, bytes_of(text), true);
}

Result<> open(Context& context) {
  const std::string text = TRY(read_text(context.args().get_or("FILE", "-"), 4 << 20));
  const Json value = TRY(codec::parse_json(text, {.bytes = 4 << 20}));
  codec::ObjectReader in(value, "sealed file");
  const std::string format = in.string("format"), commitment = in.string("cc"), jwe = in.string("jwe");
  const Json::Array& to = in.array("to");
  if (!in.failed() && format != "entraide-sealed/1") in.fault("format", "must be entraide-sealed/1");
  TRY(in.finish());
  const Digest cc = TRY(codec::hash_from_text<Digest>(commitment, "cc"));
  const crypto::SealedView sealed = TRY(crypto::parse_jwe(jwe));
  if (sealed.header().ctx != kContext)
    return fail(Errc::not_authentic, "seal.context", "this was sealed for an act, not as a file");
  const Subject own = TRY(context.authority());
  client::RingReader* rings = TRY(context.rings());
  for (const Json& item : to) {
    codec::ObjectReader one(item, "to");
    const std::string authority = one.string("au");
    const std::int64_t generation = one.integer("g");
    TRY(one.finish());
    if (authority != own.str()) continue;
    const client::RingKeys* keys = TRY(rings->keys(own, generation));
    const SecretBytes plaintext = TRY(crypto::open(sealed, keys->key()));
    const SecretBytes content = TRY(crypto::unpack_content(plaintext.view(), cc));
    context.out().say("Opened. Anybody could have sealed this: it says nothing about who did.");
    return write(context, content.view(), codec::is_utf8(text_of(content.view())));
  }
  return fail(Errc::refused, "jwe.not_recipient", "this was not sealed to " + own.str());
}

}  // namespace

std::vector<Command> sealing_commands() {
  const Option file{"FILE", "FILE", "what (default: standard input)"};
  const Option out{"--out", "FILE", "where to (default: standard output)"};
  return {
      {"seal",
       "",
       "Seal a file to authorities, outside any case",
       {{"-r,--recipient", "AU", "to whom; one for each", true, true}, file, out},
       &seal,
       "entraide seal -r au:ke:central-authority note.txt --out note.sealed"},
      {"open", "", "Open a file that was sealed to your authority", {file, out}, &open, "entraide open note.sealed"},
  };
}

}  // namespace entraide::cli
