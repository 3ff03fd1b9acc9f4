#include "hub/shelf.h"

#include "codec/codec.h"

namespace entraide::hub {
namespace {

using store::Sql;

constexpr store::Migration kMigrations[] = {{"rulebooks", 1, R"sql(
  create table rulebook_version (
    digest bytes primary key check (length(digest) = 32),
    bundle text not null
  );
)sql"}};
constexpr Sql kAll{"shelf.all", "select digest, bundle from rulebook_version order by digest"};
constexpr Sql kAdd{"shelf.add",
                   "insert into rulebook_version (digest, bundle) values ($1, $2) on conflict (digest) do nothing"};

}  // namespace

std::span<const store::Migration> Shelf::migrations() { return kMigrations; }

Result<std::unique_ptr<Shelf>> Shelf::open(store::Connection& connection) {
  auto shelf = std::make_unique<Shelf>();
  const store::Rows rows = TRY(connection.query(kAll));
  for (const store::Row row : rows) {
    auto loaded = TRY(rulebook::load_bundle(bytes_of(row.text(1))));
    if (loaded.digest() != row.hash<Digest>(0))
      return fail(Errc::storage, "shelf.digest",
                  "rulebook " + codec::to_text(row.hash<Digest>(0)) +
                      ": the kept text has another digest; restore the database");
    shelf->keep(std::move(loaded), std::string(row.text(1)));
  }
  return shelf;
}

Result<> Shelf::add(store::Connection& connection, rulebook::Rulebook rulebook) {
  if (find(rulebook.digest())) return {};
  std::string bundle = rulebook.bundle();
  TRY(connection.execute(kAdd, {rulebook.digest(), bundle}));
  keep(std::move(rulebook), std::move(bundle));
  return {};
}

void Shelf::keep(rulebook::Rulebook rulebook, std::string bundle) {
  const Digest digest = rulebook.digest();
  Lock lock(mutex_);
  kept_.insert_or_assign(digest, Kept{std::make_shared<const rulebook::Rulebook>(std::move(rulebook)),
                                      std::make_shared<const std::string>(std::move(bundle))});
}

std::shared_ptr<const rulebook::Rulebook> Shelf::find(const Digest& digest) const {
  Lock lock(mutex_);
  const auto found = kept_.find(digest);
  return found == kept_.end() ? nullptr : found->second.rulebook;
}

std::shared_ptr<const std::string> Shelf::bundle(const Digest& digest) const {
  Lock lock(mutex_);
  const auto found = kept_.find(digest);
  return found == kept_.end() ? nullptr : found->second.bundle;
}

}  // namespace entraide::hub
