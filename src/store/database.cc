// Opening, closing, and failing for good.

#include "base/log.h"
#include "store/link.h"
#include "store/place.h"
#include "store/recovery.h"

namespace entraide::store {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

/// Everything on the page level is where it belongs.
Result<> check_pages(Link& link, FileSystem& files, const std::string& path, std::uint64_t up_to) {
  auto file = TRY(files.open(path, Open::read_only));
  const std::uint64_t size = TRY(file->size());
  file.reset();
  if (size > up_to) return {};
  const Rows rows = TRY(link.query({"store.quick_check", "pragma quick_check(1)"}, {}));
  if (rows.size() == 1 && rows.front().text(0) == "ok") return {};
  return fail(Errc::storage, "store.damaged",
              path + ": damaged after an unclean end; restore the latest backup, keep this file for inquiry", path);
}

}  // namespace

Database::Database(std::unique_ptr<Place> place) : place_(std::move(place)) {}

Database::~Database() {
  if (place_->closed) return;
  const Result<> ended = close();
  if (!ended) log::error("store.close_failed", {{"rule", ended.error().rule}});
}

Engine Database::engine() const { return place_->engine; }

Result<std::unique_ptr<Database>> Database::open(std::string_view url, Options options) {
  auto place = std::make_unique<Place>();
  place->options = std::move(options);
  place->files = place->options.files ? place->options.files : &real_files();
  place->engine = url.starts_with(kSqlite) ? Engine::sqlite : Engine::postgresql;
  if (place->engine == Engine::sqlite) {
    place->where = url.substr(kSqlite.size());
    if (place->where.empty())
      return fail(Errc::invalid, "store.url",
                  "database url: no path after sqlite:, for example sqlite:/var/lib/hub.db");
    TRY(place->take_files());
  } else {
    const bool postgresql =
        url.starts_with("postgresql://") || url.starts_with("postgres://") || url.find('=') != std::string_view::npos;
    if (!postgresql)
      return fail(Errc::invalid, "store.url",
                  "database url: must be sqlite:PATH, postgresql://... or libpq's key=value words");
    if (place->options.read_only)
      return fail(Errc::invalid, "store.url", "database: read only opening is for SQLite; begin a read transaction");
    place->where = url;
    auto link = TRY(place->new_link());  // out of reach, or unfit: say so now
    const Rows rows = TRY(link->query({"store.fsync", "select current_setting('fsync')"}, {}));
    if (rows.front().text(0) != "on")
      log::warning("store.fsync_off", {{"what", "the server does not sync: a power cut loses what it promised"}});
  }
  return std::unique_ptr<Database>(new Database(std::move(place)));
}

Result<> Database::Place::take_files() {
  if (options.read_only) {
    const bool there = TRY(files->exists(where));
    if (!there) return fail(Errc::not_found, "store.file.missing", where + ": no such file", where);
    keeper = TRY(new_link());
    return {};
  }
  const std::string folder = folder_of(where);
  TRY(files->make_folders(folder));
  lock = TRY(files->lock(where + ".lock"));
  const bool unclean = TRY(recover(*files, where));
  keeper = TRY(new_link());
  TRY(files->sync_folder(folder));  // SQLite syncs the names of its logs, not that of a new database
  if (unclean) TRY(check_pages(*keeper, *files, where, options.check_up_to_bytes));
  return {};
}

Result<std::unique_ptr<Link>> Database::Place::new_link() const {
  auto link = TRY(engine == Engine::sqlite ? open_sqlite(where, options) : open_postgresql(where, options));
  link->metrics = options.metrics;
  return Result<std::unique_ptr<Link>>(std::move(link));
}

Result<Connection> Database::connect() {
  if (failed()) return std::unexpected(failed_error());
  auto link = place_->new_link();
  if (!link) {
    if (link.error().code == Errc::storage) poison(link.error());
    return std::unexpected(std::move(link).error());
  }
  return Connection(*this, std::move(*link));
}

Result<> Database::close() {
  ENSURE(connections_.load() == 0);
  if (std::exchange(place_->closed, true)) return {};
  const auto lock = std::move(place_->lock);  // held to the end of this function
  auto keeper = std::move(place_->keeper);
  if (failed()) return std::unexpected(failed_error());
  if (place_->engine != Engine::sqlite || place_->options.read_only) return {};
  TRY(keeper->query({"store.checkpoint", "pragma wal_checkpoint(truncate)"}, {}));
  keeper.reset();
  return ended_cleanly(*place_->files, place_->where);
}

void Database::poison(const Error& first) {
  Lock lock(mutex_);
  if (failed_.load()) return;
  first_failure_ = first.message;
  failed_.store(true, std::memory_order_release);
  log::error("store.failed", {{"rule", first.rule}, {"what", first.message}});
}

Error Database::failed_error() const {
  Lock lock(mutex_);
  return {Errc::storage, "store.failed",
          "store: stopped after a failed write; start again so that the files are rewritten and checked (first: " +
              first_failure_ + ")"};
}

}  // namespace entraide::store
