#pragma once

// Heads of responses as bytes. Inside this folder only.

#include "net/message.h"

namespace entraide::net {

/// Whether a response of that status has a body at all (RFC 9110 section 6.4.1).
bool has_body(int status);

/// The status line and header fields with the empty line behind them. `date` is an IMF-fixdate. Framing fields of
/// the handler's own (Content-Length, Transfer-Encoding, Connection, Date) are left out, and so is, with a log
/// line, a field that could not be sent as one line.
void append_head(std::string& out, const Response& response, bool keep_alive, std::string_view date);

/// The same for a chunked body without end, after which the connection closes.
void append_stream_head(std::string& out, const Response& response, std::string_view date);

}  // namespace entraide::net
