#include "store/postgres_result.h"

#include <charconv>

#include "codec/codec.h"

namespace entraide::store {
namespace {

/// A whole number of type numeric (what `sum` gives): words of digits count, weight, sign, scale, then digits
/// to the base of 10,000, the first one of 10,000^weight.
std::optional<std::int64_t> whole_numeric(BytesView from) {
  if (from.size() < 8) return std::nullopt;
  const auto word = [&](std::size_t i) { return codec::read_be16(from.subspan(2 * i, 2)); };
  const std::size_t digits = word(0);
  const auto weight = static_cast<std::int16_t>(word(1));
  const std::uint16_t sign = word(2);
  if (from.size() != 8 + 2 * digits || (sign != 0 && sign != 0x4000)) return std::nullopt;
  if (digits > 0 && static_cast<int>(digits) - 1 > weight) return std::nullopt;  // has a fraction
  std::int64_t out = 0;
  for (int i = 0; digits > 0 && i <= weight; ++i) {
    const std::int64_t digit = i < static_cast<int>(digits) ? word(4 + static_cast<std::size_t>(i)) : 0;
    if (__builtin_mul_overflow(out, 10'000, &out)) return std::nullopt;
    if (__builtin_sub_overflow(out, digit, &out)) return std::nullopt;  // negative reaches one further
  }
  if (sign == 0 && __builtin_sub_overflow(std::int64_t{0}, out, &out)) return std::nullopt;
  return out;
}

std::optional<std::int64_t> integer_of(Oid type, BytesView from) {
  switch (type) {
    case kBoolOid: return from[0];
    case kInt2Oid: return static_cast<std::int16_t>(codec::read_be16(from));
    case kInt4Oid: return static_cast<std::int32_t>(codec::read_be32(from));
    case kInt8Oid: return static_cast<std::int64_t>(codec::read_be64(from));
    case kNumericOid: return whole_numeric(from);
    default: return std::nullopt;
  }
}

}  // namespace

Result<Rows> rows_of(const PGresult* result, std::string_view name) {
  const int columns = PQnfields(result);
  Rows rows(static_cast<std::size_t>(columns));
  for (int row = 0; row < PQntuples(result); ++row) {
    for (int column = 0; column < columns; ++column) {
      if (PQgetisnull(result, row, column)) {
        rows.add({});
        continue;
      }
      const BytesView bytes(reinterpret_cast<const std::uint8_t*>(PQgetvalue(result, row, column)),
                            static_cast<std::size_t>(PQgetlength(result, row, column)));
      const Oid type = PQftype(result, column);
      if (type == kTextOid || type == kVarcharOid || type == kNameOid || type == kBpcharOid || type == kUnknownOid) {
        rows.add(text_of(bytes));
      } else if (type == kByteaOid) {
        rows.add(bytes);
      } else if (const auto integer = integer_of(type, bytes)) {
        rows.add(*integer);
      } else {
        return fail(Errc::internal, "store.statement",
                    "store: " + std::string(name) + ": column " + PQfname(result, column) +
                        " is neither a 64-bit integer, text nor bytes");
      }
    }
  }
  return rows;
}

std::int64_t rows_changed(const PGresult* result) {
  const std::string_view tag = PQcmdStatus(const_cast<PGresult*>(result));
  if (!tag.starts_with("INSERT") && !tag.starts_with("UPDATE") && !tag.starts_with("DELETE")) return 0;
  const std::string_view count = PQcmdTuples(const_cast<PGresult*>(result));
  std::int64_t out = 0;
  std::from_chars(count.data(), count.data() + count.size(), out);
  return out;
}

Error failure_of(const PGresult* result, std::string_view doing) {
  const auto error = [&](Errc errc, const char* rule, const std::string& words) {
    return Error{errc, rule, "store: " + std::string(doing) + ": " + words};
  };
  const char* found = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
  if (found == nullptr) return error(Errc::unavailable, "store.connection", "the database server is out of reach");
  const std::string state = found;
  // The primary message names tables and constraints. Details, and all of class 22, may quote values: left out.
  const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string words = state.starts_with("22") || primary == nullptr ? "server error " + state : primary;
  if (state.starts_with("23")) return error(Errc::conflict, "store.constraint", words);
  if (state.starts_with("40") || state == "55P03" || state == "57014" || state.starts_with("533"))
    return error(Errc::unavailable, "store.busy", words);
  if (state == "25006") return error(Errc::internal, "store.read_only", words);
  if (state == "25P02") return error(Errc::internal, "store.transaction", words);
  if (state == "0A000" && words.find("cached plan") != std::string::npos)
    return error(Errc::unavailable, "store.schema", words);
  if (state == "54000") return error(Errc::too_large, "store.too_large", words);
  if (state.starts_with("57P") || (state.starts_with("08") && state != "08P01"))
    return error(Errc::unavailable, "store.connection", words);
  if (state.starts_with("53") || state.starts_with("58") || state.starts_with("XX001") || state.starts_with("XX002"))
    return error(Errc::storage, "store.write", words);
  return error(Errc::internal, "store.statement", words);
}

}  // namespace entraide::store
