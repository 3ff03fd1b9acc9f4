#include "apps/entraide/verbose.h"

#include <iostream>

#include "apps/entraide/output.h"

namespace entraide::cli {
namespace {

class Telling final : public client::Transport {
 public:
  explicit Telling(std::unique_ptr<client::Transport> inner) : inner_(std::move(inner)) {}

  Result<client::HttpResponse> send(const client::HttpRequest& request) override {
    return told(request, [&] { return inner_->send(request); });
  }
  Result<client::HttpResponse> stream(const client::HttpRequest& request,
                                      const std::function<bool(std::string_view)>& take) override {
    return told(request, [&] { return inner_->stream(request, take); });
  }

 private:
  template <class Exchange>
  Result<client::HttpResponse> told(const client::HttpRequest& request, Exchange exchange) {
    const auto since = std::chrono::steady_clock::now();
    auto response = exchange();
    const auto took = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - since);
    std::string words = request.method + " " + request.url + " (" + std::to_string(request.body.size()) + " bytes): ";
    if (!response) words += response.error().rule;
    else words += std::to_string(response->status) + ", " + std::to_string(response->body.size()) + " bytes";
    std::cerr << safe(words) << ", " << took.count() << " ms\n";
    return response;
  }

  std::unique_ptr<client::Transport> inner_;
};

}  // namespace

std::unique_ptr<client::Transport> tell_each_exchange(std::unique_ptr<client::Transport> inner) {
  return std::make_unique<Telling>(std::move(inner));
}

}  // namespace entraide::cli
