#pragma once

// The hub seen from outside: everything that an officer's program, a gateway or a test does with it. Nothing here
// believes the hub: what it says is checked against the ledger that it signed, with the same code that it uses.
//
//   verdict.h     what was checked, what holds, in words
//   files.h       files replaced whole or not at all, private files, one process at a time
//   passphrase.h  where a secret is read from: a file descriptor, a file, the terminal
//   keystore.h    named keys in one file that a passphrase opens, or in a smart card
//   transport.h   one HTTP exchange; api.h the hub's door with sessions, retries and plain errors
//   events.h      what happens, as it happens, resumable
//   mirror.h      the verified copy: newest checkpoint, directory, counters, alarms
//   outbox.h      an act leaves once and only once, whatever dies on the way
//   compose.h     from intention to signed act; admin.h the acts of the directory
//   answers.h     form answers from YAML or JSON
//   seal.h        answers to signed document to sealed object; open.h all the way back, step by step, from what
//                 fetch.h brings, one act or many at once
//   upload.h      encrypted files, resumable
//   rings.h       generations of an authority's sealing key
//   proof.h       bundles that a third party checks with no network and no account
