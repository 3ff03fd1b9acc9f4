#pragma once

// What a PostgreSQL server sends back: binary columns into rows, error codes into failures.

#include <libpq-fe.h>

#include <memory>

#include "store/value.h"

namespace entraide::store {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ServerResult = std::unique_ptr<PGresult, ClearResult>;

// Type numbers of pg_type.dat; they never change.
constexpr Oid kBoolOid = 16, kByteaOid = 17, kNameOid = 19, kInt8Oid = 20, kInt2Oid = 21, kInt4Oid = 23,
              kTextOid = 25, kUnknownOid = 705, kBpcharOid = 1042, kVarcharOid = 1043, kNumericOid = 1700;

Result<Rows> rows_of(const PGresult* result, std::string_view name);
/// The rows that an insert, update or delete has changed; 0 for anything else.
std::int64_t rows_changed(const PGresult* result);
/// The failure that a result, or the connection where `result` is null, stands for.
Error failure_of(const PGresult* result, std::string_view doing);

}  // namespace entraide::store
