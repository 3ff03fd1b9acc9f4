#include "text/train/rows.h"

#include <zlib.h>

#include <memory>

namespace entraide::train {

Result<> each_row(const std::string& path, const std::function<void(std::span<const std::string_view>)>& use) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) return fail(Errc::not_found, "train.data", path + ": cannot be opened");
  std::string text;
  for (char buffer[1 << 16];;) {
    const int got = gzread(file.get(), buffer, sizeof buffer);
    if (got < 0) return fail(Errc::invalid, "train.data", path + ": is damaged");
    if (got == 0) break;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  std::string_view rest = text;
  std::vector<std::string_view> cells;
  for (bool header = true; !rest.empty(); header = false) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (header || line.empty()) continue;
    cells.clear();
    for (;;) {
      const std::size_t tab = line.find('\t');
      cells.push_back(line.substr(0, tab));
      if (tab == std::string_view::npos) break;
      line.remove_prefix(tab + 1);
    }
    use(cells);
  }
  return {};
}

}  // namespace entraide::train
