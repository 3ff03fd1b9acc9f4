#pragma once

// HTTP/1.1 over TLS 1.3, and over plain TCP on loopback: a server for handlers that answer when they can.
//
//     bytes ─► RequestParser ─► Router ─► handler(Request, Reply) ─► Response ─► bytes
//              limits: 4xx                runs on the I/O thread,     ▲
//                                         or on the pool              └ from any thread, exactly once
//
//     message.h   Request, Response, Headers, Language: plain values
//     problem.h   failures as RFC 9457 problem details
//     reply.h     Reply (answer once, from any thread) and EventStream (server-sent events)
//     router.h    method + pattern -> handler, 404, 405, HEAD, OPTIONS
//     content.h   304, 206 and 416 for one response; sets of static files
//     server.h    listening, limits, deadlines, graceful stop
//     service.h   the service manager: ready, stopping, watchdog
//
// One I/O thread a core owns its sockets; nothing moves between threads but answers. HTTP/2 and HTTP/3
// are out of scope: a proxy in front may speak them. HTTP/1.0 is answered 505.

#include "net/content.h"
#include "net/message.h"
#include "net/problem.h"
#include "net/reply.h"
#include "net/router.h"
#include "net/server.h"
#include "net/service.h"
