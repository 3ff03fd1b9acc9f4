// Backup and restore: all rows of one moment in one file that either engine reads.
//
// The file is a line "entraide backup 1\n" and then records, each a letter and its fields; integers are 64 bits
// big-endian, a text or blob is its length as such an integer and its bytes:
//   S  a schema step that was run: module (text), number (integer), statements (text); in order
//   T  a table: name (text), number of columns (integer), their names (texts); its rows follow
//   R  a row of that table: for each column one letter, n null, i integer, t text, b blob, and the value
//   E  the end: the number of rows (integer), FNV-1a 64 of every byte before this E (integer)
// The sum finds damage by accident; who fears more keeps the file where only he can write.

#include <algorithm>

#include "codec/codec.h"
#include "store/place.h"
#include "store/schema.h"

namespace entraide::store {
namespace {

constexpr std::string_view kHead = "entraide backup 1\n";
constexpr std::size_t kPiece = 1 << 20;
constexpr std::uint64_t kFieldMax = 1u << 30;

class Sum {
 public:
  void add(BytesView bytes) {
    for (const std::uint8_t byte : bytes) sum_ = (sum_ ^ byte) * 0x100000001b3;
  }
  std::uint64_t value() const { return sum_; }

 private:
  std::uint64_t sum_ = 0xcbf29ce484222325;
};

class Writer {
 public:
  explicit Writer(File& file) : file_(file) { append(buffer_, kHead); }

  void letter(char c) { buffer_.push_back(static_cast<std::uint8_t>(c)); }
  void integer(std::uint64_t value) { codec::append_be64(buffer_, value); }
  void bytes(BytesView value) {
    integer(value.size());
    append(buffer_, value);
  }
  void text(std::string_view value) { bytes(bytes_of(value)); }
  void row(const Row& row) {
    letter('R');
    for (std::size_t i = 0; i < row.size(); ++i) {
      const Value value = row.value(i);
      letter("nitb"[static_cast<int>(value.kind())]);
      if (value.kind() == Value::Kind::integer) integer(static_cast<std::uint64_t>(value.integer()));
      if (value.kind() == Value::Kind::text || value.kind() == Value::Kind::blob) bytes(value.bytes());
    }
    ++rows_;
  }
  Result<> spill(std::size_t over) {
    if (buffer_.size() < over) return {};
    sum_.add(buffer_);
    TRY(file_.write(offset_, buffer_));
    offset_ += buffer_.size();
    buffer_.clear();
    return {};
  }
  Result<> end() {
    TRY(spill(0));
    letter('E');
    integer(rows_);
    integer(sum_.value());
    return spill(0);
  }

 private:
  File& file_;
  Bytes buffer_;
  std::uint64_t offset_ = 0, rows_ = 0;
  Sum sum_;
};

std::unexpected<Error> bad_file(const std::string& what) {
  return fail(Errc::invalid, "store.restore.file", "backup: " + what + "; use another copy of it");
}

class Reader {
 public:
  static Result<Reader> open(File& file) {
    Reader reader(file);
    reader.size_ = TRY(file.size());
    const Bytes head = TRY(reader.take(kHead.size()));
    if (text_of(head) != kHead) return bad_file("not a backup of this version");
    return reader;
  }

  Result<char> letter() {
    const Bytes one = TRY(take(1));
    return static_cast<char>(one[0]);
  }
  Result<std::uint64_t> integer() {
    const Bytes eight = TRY(take(8));
    return codec::read_be64(eight);
  }
  Result<Bytes> bytes() {
    const std::uint64_t size = TRY(integer());
    if (size > kFieldMax) return bad_file("a value is too long");
    return take(size);
  }
  Result<std::string> text() {
    const Bytes value = TRY(bytes());
    return std::string(text_of(value));
  }
  bool at_end() const { return offset_ == size_; }

 private:
  explicit Reader(File& file) : file_(file) {}

  Result<Bytes> take(std::size_t size) {
    if (size > size_ - offset_) return bad_file("ends too early");
    Bytes out;
    out.reserve(size);
    while (out.size() < size) {
      if (at_ == buffer_.size()) {
        buffer_.resize(kPiece);
        const std::size_t got = TRY(file_.read(offset_, buffer_));
        buffer_.resize(got);
        at_ = 0;
        if (got == 0) return bad_file("ends too early");
      }
      const std::size_t part = std::min(size - out.size(), buffer_.size() - at_);
      append(out, BytesView(buffer_).subspan(at_, part));
      at_ += part;
      offset_ += part;
    }
    return out;
  }

  File& file_;
  Bytes buffer_;
  std::size_t at_ = 0;
  std::uint64_t size_ = 0, offset_ = 0;
};

/// Whether the file is whole, before a word of it is believed.
Result<> check_sum(File& file) {
  constexpr std::size_t kTail = 17;  // E, rows, sum
  const std::uint64_t size = TRY(file.size());
  if (size < kHead.size() + kTail) return bad_file("ends too early");
  Sum sum;
  Bytes piece(kPiece);
  for (std::uint64_t offset = 0; offset < size - kTail;) {
    const std::size_t want = std::min<std::uint64_t>(kPiece, size - kTail - offset);
    const std::size_t got = TRY(file.read(offset, std::span(piece).first(want)));
    if (got != want) return bad_file("ends too early");
    sum.add(BytesView(piece).first(got));
    offset += got;
  }
  Bytes tail(kTail);
  TRY(file.read(size - kTail, tail));
  if (tail[0] != 'E' || codec::read_be64(BytesView(tail).subspan(9)) != sum.value())
    return bad_file("is cut or changed: its sum does not hold");
  return {};
}

/// A name that can stand in a statement as it is. All of ours can; a stranger's file must not smuggle SQL.
Result<> check_name(const std::string& name) {
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!plain) return bad_file("a table or column has a name that is not of a-z, 0-9 and '_'");
  return {};
}

/// A name of ours may still be one of SQL's words.
std::string in_quotes(const std::string& name) { return "\"" + name + "\""; }

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

struct Insert {
  std::string name, text;
  std::size_t columns = 0;
};

Result<Insert> read_table(Reader& reader) {
  const std::string table = TRY(reader.text());
  TRY(check_name(table));
  const std::uint64_t count = TRY(reader.integer());
  if (count == 0 || count > 1000) return bad_file("a table has no columns, or too many");
  std::vector<std::string> columns, places;
  for (std::uint64_t i = 1; i <= count; ++i) {
    const std::string column = TRY(reader.text());
    TRY(check_name(column));
    columns.push_back(in_quotes(column));
    places.push_back("$" + std::to_string(i));
  }
  return Insert{"store.restore." + table,
                "insert into " + in_quotes(table) + " (" + listed(columns) + ") values (" + listed(places) + ")",
                columns.size()};
}

Result<> read_row(Reader& reader, const Insert& insert, Connection& to) {
  std::vector<Bytes> held(insert.columns);
  std::vector<Value> values;
  for (std::size_t i = 0; i < insert.columns; ++i) {
    const char kind = TRY(reader.letter());
    if (kind == 'n') {
      values.emplace_back();
    } else if (kind == 'i') {
      const std::uint64_t integer = TRY(reader.integer());
      values.emplace_back(static_cast<std::int64_t>(integer));
    } else if (kind == 't' || kind == 'b') {
      held[i] = TRY(reader.bytes());
      values.push_back(kind == 't' ? Value(text_of(held[i])) : Value(held[i]));
    } else {
      return bad_file("a value has an unknown type");
    }
  }
  return to.execute_later({insert.name, insert.text}, values);
}

}  // namespace

Result<> Database::backup(const std::string& file) {
  FileSystem& files = *place_->files;
  const bool there = TRY(files.exists(file));
  if (there)
    return fail(Errc::conflict, "store.backup.exists", file + ": is already there; choose another name", file);
  const std::string part = file + ".part";
  TRY(files.remove(part));
  auto out = TRY(files.open(part, Open::create_new));
  Writer writer(*out);

  Connection connection = TRY(connect());
  Transaction transaction = TRY(Transaction::begin(connection, Access::read));
  Schema schema(connection);
  const std::vector<RunStep> steps = TRY(schema.steps());
  for (const RunStep& step : steps) {
    writer.letter('S');
    writer.text(step.module);
    writer.integer(static_cast<std::uint64_t>(step.number));
    writer.text(step.text);
  }
  const std::vector<std::string> tables = TRY(schema.tables());
  for (const std::string& table : tables) {
    std::vector<std::string> columns = TRY(schema.columns(table));
    writer.letter('T');
    writer.text(table);
    writer.integer(columns.size());
    for (std::string& column : columns) {
      writer.text(column);
      column = in_quotes(column);
    }
    const std::string name = "store.backup." + table;
    const std::string text = "select " + listed(columns) + " from " + in_quotes(table);
    TRY(connection.scan({name, text}, {}, [&](const Row& row) {
      writer.row(row);
      return writer.spill(kPiece);
    }));
  }
  TRY(transaction.commit());
  TRY(writer.end());
  TRY(out->sync());
  out.reset();
  TRY(files.rename(part, file));
  return files.sync_folder(folder_of(file));
}

Result<> Database::restore(const std::string& file) {
  auto in = TRY(place_->files->open(file, Open::read_only));
  TRY(check_sum(*in));
  Reader reader = TRY(Reader::open(*in));

  Connection connection = TRY(connect());
  Transaction transaction = TRY(Transaction::begin(connection));
  TRY(connection.lock_ledger());
  Schema schema(connection);
  const bool empty = TRY(schema.empty());
  if (!empty)
    return fail(Errc::conflict, "store.restore.not_empty",
                "restore: this database already has tables; restore into a new one");

  char letter = TRY(reader.letter());
  for (std::int64_t position = 1; letter == 'S'; ++position) {
    RunStep step;
    step.module = TRY(reader.text());
    const std::uint64_t number = TRY(reader.integer());
    step.number = static_cast<std::int64_t>(number);
    step.text = TRY(reader.text());
    TRY(schema.run(step, position));
    letter = TRY(reader.letter());
  }
  // Rows that the steps themselves have put in are in the file too, as they were at the end.
  const std::vector<std::string> tables = TRY(schema.tables());
  for (auto table = tables.rbegin(); table != tables.rend(); ++table) {
    const std::string name = "store.clear." + *table, text = "delete from " + in_quotes(*table);
    TRY(connection.execute({name, text}));
  }

  std::optional<Insert> insert;
  std::uint64_t rows = 0;
  for (; letter != 'E'; letter = TRY(reader.letter())) {
    if (letter == 'T') {
      insert = TRY(read_table(reader));
    } else if (letter == 'R' && insert) {
      TRY(read_row(reader, *insert, connection));
      if (++rows % 1000 == 0) TRY(connection.flush());
    } else {
      return bad_file("an unknown record");
    }
  }
  const std::uint64_t promised = TRY(reader.integer());
  if (promised != rows) return bad_file("rows are missing");
  return transaction.commit();
}

}  // namespace entraide::store
