// How jemalloc works in the programs that serve: it looks for this name before its first allocation.

// An act touches memory all over the process; in pages of 4 KiB a part of its time goes into finding where they are.
extern "C" const char* malloc_conf;
const char* malloc_conf = "thp:always";
