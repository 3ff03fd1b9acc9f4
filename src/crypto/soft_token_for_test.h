#pragma once

// For tests: a token in software (SoftHSM), where it is installed.

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "crypto/pkcs11.h"
#include "testing/testing.h"

namespace entraide::crypto {

namespace fs = std::filesystem;

inline std::string softhsm_module() {
  for (const char* path : {"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
                           "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"})
    if (fs::exists(path)) return path;
  return {};
}

inline void write_file(const fs::path& path, std::string_view text, mode_t mode = 0600) {
  std::ofstream(path, std::ios::binary) << text;
  REQUIRE(chmod(path.c_str(), mode) == 0);
}

// One software token in a folder of its own, made once and removed at the end. SoftHSM reads its configuration when
// the module is loaded, so all tests of this process share it.
struct SoftToken {
  fs::path folder;
  bool ready = false;

  SoftToken() {
    std::string name = fs::temp_directory_path() / "entraide-token-XXXXXX";
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder = name;
    fs::create_directory(folder / "tokens");
    write_file(folder / "softhsm2.conf", "directories.tokendir = " + (folder / "tokens").string() + "\n");
    write_file(folder / "pin", "123456\n");
    setenv("SOFTHSM2_CONF", (folder / "softhsm2.conf").c_str(), 1);  // NOLINT(concurrency-mt-unsafe): one thread here
    constexpr auto* command =
        "softhsm2-util --init-token --free --label entraide-test --so-pin 654321 --pin 123456 > /dev/null 2>&1";
    ready = !softhsm_module().empty() && std::system(command) == 0;  // NOLINT(concurrency-mt-unsafe): one thread here
    if (!ready) MESSAGE("SKIPPED: SoftHSM2 is not installed (package softhsm2); keys in tokens were not tested");
  }
  ~SoftToken() {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }

  Pkcs11Options options() const { return {softhsm_module(), "entraide-test", folder / "pin"}; }
};

inline SoftToken& soft_token() {
  static SoftToken token;
  return token;
}

}  // namespace entraide::crypto
