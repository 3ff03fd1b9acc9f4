#include "base/metrics.h"

#include <algorithm>
#include <bit>
#include <cstdio>

namespace entraide::metrics {
namespace {

constexpr std::uint64_t kFirstBucketUs = 64;

void head(std::string& out, std::string& last, const std::string& name, const std::string& help,
          std::string_view type) {
  if (name == last) return;
  last = name;
  out += "# HELP " + name + " " + help + "\n# TYPE " + name + " ";
  out += type;
  out += '\n';
}

std::string braced(const std::string& labels, std::string_view more = {}) {
  if (labels.empty() && more.empty()) return {};
  std::string out = "{" + labels;
  if (!labels.empty() && !more.empty()) out += ',';
  out += more;
  return out + "}";
}

std::string seconds(std::uint64_t us) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", static_cast<double>(us) / 1e6);
  return text;
}

// By name, then in the order of asking: the format wants every line of one name together.
template <class Named>
std::vector<const Named*> by_name(const std::deque<Named>& metrics) {
  std::vector<std::pair<std::string_view, std::size_t>> order;
  for (const Named& named : metrics) order.emplace_back(named.name, order.size());
  std::ranges::sort(order);
  std::vector<const Named*> out;
  for (const auto& [name, index] : order) out.push_back(&metrics[index]);
  return out;
}

}  // namespace

void Histogram::observe(std::chrono::microseconds time) {
  const auto us = static_cast<std::uint64_t>(time.count() < 0 ? 0 : time.count());
  const std::size_t slot = us <= kFirstBucketUs ? 0 : std::bit_width((us - 1) / kFirstBucketUs);
  if (slot < kBuckets) buckets_[slot].fetch_add(1, std::memory_order_relaxed);
  count_.fetch_add(1, std::memory_order_relaxed);
  sum_us_.fetch_add(us, std::memory_order_relaxed);
}

template <class T>
T& Registry::find(std::deque<Named<T>>& among, std::string_view name, std::string_view help,
                  std::string_view labels) {
  for (auto& named : among)
    if (named.name == name && named.labels == labels) return named.metric;
  auto& added = among.emplace_back();
  added.name = name;
  added.help = help;
  added.labels = labels;
  return added.metric;
}

Counter& Registry::counter(std::string_view name, std::string_view help, std::string_view labels) {
  Lock lock(mutex_);
  return find(counters_, name, help, labels);
}
Gauge& Registry::gauge(std::string_view name, std::string_view help, std::string_view labels) {
  Lock lock(mutex_);
  return find(gauges_, name, help, labels);
}
Histogram& Registry::histogram(std::string_view name, std::string_view help, std::string_view labels) {
  Lock lock(mutex_);
  return find(histograms_, name, help, labels);
}

std::string Registry::text() const {
  Lock lock(mutex_);
  std::string out, last;
  for (const auto* c : by_name(counters_)) {
    head(out, last, c->name, c->help, "counter");
    out += c->name + braced(c->labels) + " " + std::to_string(c->metric.value()) + "\n";
  }
  for (const auto* g : by_name(gauges_)) {
    head(out, last, g->name, g->help, "gauge");
    out += g->name + braced(g->labels) + " " + std::to_string(g->metric.value()) + "\n";
  }
  for (const auto* h : by_name(histograms_)) {
    head(out, last, h->name, h->help, "histogram");
    std::uint64_t running = 0;
    for (std::size_t i = 0; i < Histogram::kBuckets; ++i) {
      running += h->metric.bucket(i);
      out += h->name + "_bucket" + braced(h->labels, "le=\"" + seconds(kFirstBucketUs << i) + "\"") + " " +
             std::to_string(running) + "\n";
    }
    out += h->name + "_bucket" + braced(h->labels, "le=\"+Inf\"") + " " + std::to_string(h->metric.count()) + "\n";
    out += h->name + "_sum" + braced(h->labels) + " " + seconds(h->metric.sum_us()) + "\n";
    out += h->name + "_count" + braced(h->labels) + " " + std::to_string(h->metric.count()) + "\n";
  }
  return out;
}

}  // namespace entraide::metrics
