#include "store/blobs.h"

#include "store/test_databases.h"

namespace entraide::store {
namespace {

using testing::rule_of;

std::string text(Result<Bytes> bytes) { return std::string(text_of(MUST(std::move(bytes)))); }

}  // namespace

TEST_CASE("a blob comes back whole, in parts, by name, until it is removed") {
  const TestFolder folder;
  Blobs blobs = MUST(Blobs::open(folder.path() + "/objects"));
  MUST(blobs.put("sealed/ab/cdef", bytes_of("0123456789")));
  MUST(blobs.put("sealed/ab/empty", {}));
  CHECK(text(blobs.get("sealed/ab/cdef")) == "0123456789");
  CHECK(text(blobs.get("sealed/ab/empty")).empty());
  CHECK(MUST(blobs.size("sealed/ab/cdef")) == 10);
  CHECK(text(blobs.read("sealed/ab/cdef", 3, 4)) == "3456");
  CHECK(text(blobs.read("sealed/ab/cdef", 8, 100)) == "89");
  CHECK(text(blobs.read("sealed/ab/cdef", 10, 1)).empty());
  CHECK(text(blobs.read("sealed/ab/cdef", std::uint64_t(1) << 60, 1)).empty());
  CHECK(rule_of(blobs.get("sealed/ab/cdef", 9)) == "store.blob.size");
  MUST(blobs.put("sealed/ab/cdef", bytes_of("new")));
  CHECK(text(blobs.get("sealed/ab/cdef")) == "new");
  CHECK(MUST(blobs.exists("sealed/ab/cdef")));
  MUST(blobs.remove("sealed/ab/cdef"));
  MUST(blobs.remove("sealed/ab/cdef"));
  CHECK(!MUST(blobs.exists("sealed/ab/cdef")));
  CHECK(rule_of(blobs.get("sealed/ab/cdef")) == "store.blob.missing");
  CHECK(rule_of(blobs.size("sealed/ab/cdef")) == "store.blob.missing");
  CHECK(rule_of(blobs.read("sealed/none", 0, 1)) == "store.blob.missing");
}

TEST_CASE("several blobs put at once come back whole, wherever they lie") {
  const TestFolder folder;
  Blobs blobs = MUST(Blobs::open(folder.path()));
  MUST(blobs.put("tile/0/000", bytes_of("old")));
  MUST(blobs.put_all({{"tile/0/000", to_bytes("new")}, {"tile/0/001.p/7", to_bytes("x")}, {"other", {}}}));
  CHECK(text(blobs.get("tile/0/000")) == "new");
  CHECK(text(blobs.get("tile/0/001.p/7")) == "x");
  CHECK(MUST(blobs.list("")).size() == 3);
  MUST(blobs.put_all({}));
  CHECK(rule_of(blobs.put_all({{"tile/0/002", to_bytes("x")}, {"tile/../up", {}}})) == "store.blob.key");
  CHECK(!MUST(blobs.exists("tile/0/002")));
}

TEST_CASE("keys are listed by prefix, sorted, wherever the prefix ends") {
  const TestFolder folder;
  Blobs blobs = MUST(Blobs::open(folder.path()));
  for (const char* key : {"tile/0/001", "tile/0/000", "tile/1/000", "tile/0/x.p/5", "other"})
    MUST(blobs.put(key, bytes_of("x")));
  using Keys = std::vector<std::string>;
  CHECK(MUST(blobs.list("tile/0/")) == Keys{"tile/0/000", "tile/0/001", "tile/0/x.p/5"});
  CHECK(MUST(blobs.list("tile/0/00")) == Keys{"tile/0/000", "tile/0/001"});
  CHECK(MUST(blobs.list("ti")).size() == 4);
  CHECK(MUST(blobs.list("")).size() == 5);
  CHECK(MUST(blobs.list("none/")).empty());
  CHECK(rule_of(blobs.list("../x")) == "store.blob.key");
}

TEST_CASE("a key that could leave the folder, or be spelled otherwise, is refused everywhere") {
  const TestFolder folder;
  Blobs blobs = MUST(Blobs::open(folder.path()));
  const std::string long_key(201, 'a'), zero("a\0b", 3);
  for (const std::string& key :
       {std::string(), std::string("/a"), std::string("a/"), std::string("a//b"), std::string(".."),
        std::string("a/../b"), std::string("."), std::string("a/.hidden"), std::string("A"), std::string("a b"),
        std::string("a\\b"), std::string("\xc3\xa9"), zero, long_key}) {
    CAPTURE(key);
    CHECK(rule_of(blobs.put(key, {})) == "store.blob.key");
    CHECK(rule_of(blobs.get(key)) == "store.blob.key");
    CHECK(rule_of(blobs.read(key, 0, 1)) == "store.blob.key");
    CHECK(rule_of(blobs.exists(key)) == "store.blob.key");
    CHECK(rule_of(blobs.remove(key)) == "store.blob.key");
    CHECK(rule_of(blobs.append(key, 0, {})) == "store.blob.key");
    CHECK(rule_of(blobs.upload_size(key)) == "store.blob.key");
    CHECK(rule_of(blobs.finish("up", key)) == "store.blob.key");
    CHECK(rule_of(blobs.abandon(key)) == "store.blob.key");
  }
  MUST(blobs.put(std::string(200, 'a'), {}));
  MUST(blobs.put("a.b_c-d/e..f", {}));
}

TEST_CASE("an upload goes on where it stopped, and becomes a blob when it is finished") {
  const TestFolder folder;
  {
    Blobs blobs = MUST(Blobs::open(folder.path()));
    CHECK(!MUST(blobs.upload_size("up1")));
    CHECK(MUST(blobs.append("up1", 0, bytes_of("hello "))) == 6);
    CHECK(rule_of(blobs.append("up1", 0, bytes_of("hello "))) == "store.upload.offset");
    CHECK(rule_of(blobs.append("up1", 7, bytes_of("x"))) == "store.upload.offset");
    CHECK(rule_of(blobs.append("up2", 1, bytes_of("x"))) == "store.upload.offset");
    CHECK(!MUST(blobs.upload_size("up2")));
  }
  Blobs blobs = MUST(Blobs::open(folder.path()));
  CHECK(MUST(blobs.upload_size("up1")) == 6);
  CHECK(MUST(blobs.append("up1", 6, bytes_of("world"))) == 11);
  CHECK(text(blobs.read_upload("up1", 4, 4)) == "o wo");
  CHECK(MUST(blobs.uploads()) == std::vector<std::string>{"up1"});
  CHECK(MUST(blobs.list("")).empty());
  CHECK(!MUST(blobs.exists("up1")));
  MUST(blobs.finish("up1", "sealed/final"));
  CHECK(text(blobs.get("sealed/final")) == "hello world");
  CHECK(!MUST(blobs.upload_size("up1")));
  CHECK(rule_of(blobs.finish("up1", "sealed/final")) == "store.blob.missing");
  MUST(blobs.append("up3", 0, bytes_of("x")));
  MUST(blobs.abandon("up3"));
  MUST(blobs.abandon("up3"));
  CHECK(MUST(blobs.uploads()).empty());
}

}  // namespace entraide::store
