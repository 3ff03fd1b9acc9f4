#include <thread>

#include "match/collector.h"
#include "match/match.h"

namespace entraide::match {

struct Builder::Parts {
  std::shared_ptr<const text::Analyser> analyser;
  std::vector<std::unique_ptr<Collector>> collectors;   // one a thread

  void reset(std::size_t threads) {
    collectors.clear();
    for (std::size_t i = 0; i < std::max<std::size_t>(1, threads); ++i)
      collectors.push_back(std::make_unique<Collector>(analyser.get()));
  }
  Result<std::vector<Bytes>> pieces(Digest* content) {
    std::vector<const Collector*> from;
    for (const auto& collector : collectors) from.push_back(collector.get());
    auto out = assemble(from, Versions::of(*analyser), nullptr, content);
    reset(collectors.size());
    return out;
  }
};

Builder::Builder(std::shared_ptr<const text::Analyser> analyser, unsigned threads)
    : parts_(std::make_unique<Parts>()) {
  parts_->analyser = std::move(analyser);
  parts_->reset(threads);
}
Builder::Builder(Builder&&) noexcept = default;
Builder::~Builder() = default;

Result<> Builder::add(std::span<const Record> records) {
  for (const Record& record : records) TRY(check(record));
  const std::size_t threads = records.size() < 256 ? 1 : parts_->collectors.size();
  const std::size_t share = (records.size() + threads - 1) / threads;
  const auto work = [&](std::size_t thread) {
    for (std::size_t i = thread * share; i < records.size() && i < (thread + 1) * share; ++i)
      parts_->collectors[thread]->add(records[i]);
  };
  std::vector<std::jthread> helpers;
  for (std::size_t thread = 1; thread < threads; ++thread) helpers.emplace_back(work, thread);
  work(0);
  return {};
}

Result<Digest> Builder::write(const std::string& path) {
  Digest content;
  const auto pieces = TRY(parts_->pieces(&content));
  TRY(write_file(path, pieces));
  return content;
}

Result<Bytes> Builder::bytes() {
  Digest content;
  return join(TRY(parts_->pieces(&content)));
}

}  // namespace entraide::match
