// ring: the generations of an authority's sealing key.

#include "apps/entraide/context.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {

using client::KeyUse;
using codec::Json;

Result<> list_rings(Context& context) {
  client::Mirror* mirror = TRY(context.fresh_mirror());
  const Subject of = TRY(context.authority());
  const directory::Authority* authority = mirror->directory().authority(of);
  if (authority == nullptr) return fail(Errc::not_found, "dir.unknown", of.str() + " is not in the directory");
  Json::Array rows;
  for (const auto& [generation, ring] : authority->rings)
    rows.push_back(Json::object({{"generation", generation},
                                 {"kid", ring.key.kid().str()},
                                 {"index", ring.index},
                                 {"current", &ring == authority->current_ring()}}));
  context.out().rows({{"generation", "GENERATION"}, {"kid", "KEY ID"}, {"index", "INDEX"}, {"current", "CURRENT"}},
                     rows);
  return {};
}

Result<> make_ring(Context& context) {
  client::Mirror* mirror = TRY(context.fresh_mirror());
  const Subject of = TRY(context.authority());
  const directory::Authority* authority = mirror->directory().authority(of);
  if (authority == nullptr) return fail(Errc::not_found, "dir.unknown", of.str() + " is not in the directory");
  const directory::Ring* current = authority->current_ring();
  const client::RingKeys* before = nullptr;
  if (current != nullptr && !context.args().has("no-history")) {
    client::RingReader* rings = TRY(context.rings());
    auto keys = rings->keys(of, current->generation);
    if (!keys)
      return fail(keys.error().code, keys.error().rule,
                  keys.error().message +
                      "\nThe history goes from one generation to the next: make the ring where a member's device is, "
                      "or give --no-history");
    before = *keys;
  }
  client::NewRing ring =
      TRY(client::make_ring(mirror->directory(), of, before, context.clock().now(), context.random()));
  const client::Author author = TRY(context.official(KeyUse::administrator, of));
  const auto sent = TRY(context.send(author, {"ring.new", {}, {}, {}, {}, ring.d}, {ring.wrap}));
  if (sent) context.report(*sent, "others seal to it from now on");
  return {};
}

Result<> grant(Context& context) {
  client::Mirror* mirror = TRY(context.fresh_mirror());
  const client::Author author = TRY(context.author());
  const directory::Authority* authority = mirror->directory().authority(author.for_authority);
  const directory::Ring* current = authority == nullptr ? nullptr : authority->current_ring();
  if (current == nullptr)
    return fail(Errc::not_found, "ring.unknown",
                author.for_authority.str() + " has no ring; an administrator runs `entraide ring new`");
  client::RingReader* rings = TRY(context.rings());
  const client::RingKeys* keys = TRY(rings->keys(author.for_authority, current->generation));
  const client::Grant made = TRY(client::grant_ring(mirror->directory(), author.for_authority, current->generation,
                                                    *keys, KeyId(*context.args().get("KID")), context.random()));
  const auto sent = TRY(context.send(author, {"ring.grant", {}, {}, {}, {}, made.d}, {made.wrap}));
  if (sent) context.report(*sent, "the device can open the authority's cases");
  return {};
}

}  // namespace

std::vector<Command> ring_commands() {
  return {
      {"ring", "list", "List the generations of an authority's ring", {}, &list_rings, "", true},
      {"ring", "new", "As administrator: make the next generation, wrapped to every active device",
       and_sending({{"--no-history", "", "older cases stay closed to it"}}), &make_ring,
       "entraide ring new --authority au:fr:central-authority"},
      {"ring", "grant", "Wrap the current generation to one more device (role ring-admin)",
       and_sending({{"KID", "KID", "the device's signing key", true}}), &grant, ""},
  };
}

}  // namespace entraide::cli
