// A backup is one logical file for both engines: what one wrote the other reads, and a damaged one is refused whole.

#include "store/things_for_test.h"

namespace entraide::store {

using testing::rule_of;

TEST_CASE("a backup of one engine is restored by any, row for row") {
  on_each_engine([](const auto& make) {
    on_each_engine([&](const auto& make_other) {
      const TestFolder folder;
      const std::string file = folder.path() + "/one.backup";
      auto [test, c] = ready(make);
      for (int i = 0; i < 300; ++i)
        MUST(c.execute(kInsert, {i, i % 2 ? std::optional(std::to_string(i)) : std::nullopt,
                                 filled(32, static_cast<std::uint8_t>(i))}));
      MUST(c.execute(kPart, {7, 1, filled(70'000, 5)}));
      MUST(test->backup(file));
      CHECK(rule_of(test->backup(file)) == "store.backup.exists");
      MUST(c.execute(kInsert, {999, "after the backup", nullptr}));

      TestDatabase other = make_other(Options{});
      MUST(other->restore(file));
      Connection d = MUST(other->connect());
      CHECK(count_of(d) == 300);
      constexpr Sql kAll{"t.all", "select id, name, hash, note from things where id < 300 order by id"};
      const Rows before = MUST(c.query(kAll)), after = MUST(d.query(kAll));
      REQUIRE(before.size() == after.size());
      for (std::size_t i = 0; i < before.size(); ++i) {
        CHECK(before[i].integer(0) == after[i].integer(0));
        CHECK(before[i].optional_text(1) == after[i].optional_text(1));
        CHECK(before[i].hash<Digest>(2) == after[i].hash<Digest>(2));
      }
      CHECK(MUST(d.query({"t.body", "select length(body) from parts"})).front().integer(0) == 70'000);
      MUST(other->migrate(kSchema));  // the restored schema is known
      CHECK(rule_of(other->restore(file)) == "store.restore.not_empty");
      CHECK(rule_of(test->restore(file)) == "store.restore.not_empty");
    });
  });
}

TEST_CASE("a backup that is cut or changed anywhere is refused and leaves the target empty") {
  on_each_engine([](const auto& make) {
    const TestFolder folder;
    const std::string file = folder.path() + "/one.backup", bad = folder.path() + "/bad.backup";
    auto [test, c] = ready(make);
    for (int i = 0; i < 5; ++i) MUST(c.execute(kInsert, {i, std::to_string(i), nullptr}));
    MUST(test->backup(file));
    const Bytes good = MUST(read_file(real_files(), file, 1 << 20));
    TestDatabase other = make(Options{});
    for (const std::size_t at :
         {std::size_t{0}, std::size_t{20}, good.size() / 2, good.size() - 17, good.size() - 1}) {
      Bytes changed = good;
      changed[at] ^= 1;
      MUST(write_file_durably(real_files(), bad, changed));
      CHECK(rule_of(other->restore(bad)) == "store.restore.file");
      MUST(write_file_durably(real_files(), bad, BytesView(good).first(at)));
      CHECK(rule_of(other->restore(bad)) == "store.restore.file");
    }
    MUST(other->restore(file));
  });
}

}  // namespace entraide::store
