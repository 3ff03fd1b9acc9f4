// Idle event streams: memory of each, and how long one event takes to reach them all.
//   streams_bench [--streams=5000] [--tls=1000]   --small: 1,000 and 200

#include <poll.h>

#include <cstdio>
#include <cstdlib>

#include "bench/scene.h"

using namespace entraide;
using namespace entraide::bench;

namespace {

void measure(bool tls, std::size_t count) {
  const Folder folder(tls ? "streams-tls" : "streams-plain");
  const ledger::Log log = make_log(folder);
  ServerProcess server(folder, "");
  Wire door(server.plain_port(), false);
  Scene scene(log, door_to(door), 2);
  Reader reader(door, scene.asked(), scene.clock(), scene.random());
  const std::string url = std::string(tls ? "https" : "http") + "://127.0.0.1/v1/events";
  const std::uint16_t port = tls ? server.tls_port() : server.plain_port();

  const auto connect = [&] {
    auto wire = std::make_unique<Wire>(port, tls);
    wire->send(
        request_text("GET", "/v1/events?authority=" + std::string(Scene::kAsked), {}, reader.headers("GET", url)));
    while (wire->pending().find("\r\n\r\n") == std::string::npos)
      if (!wire->receive()) std::fprintf(stderr, "bench: a stream was closed\n"), std::exit(1);
    if (!wire->pending().starts_with("HTTP/1.1 200"))
      std::fprintf(stderr, "bench: %s\n", wire->pending().c_str()), std::exit(1);
    wire->do_not_block();
    wire->pending().clear();
    return wire;
  };
  std::vector<std::unique_ptr<Wire>> streams;
  for (int i = 0; i < 20; ++i) streams.push_back(connect());  // what the first ones cost is not theirs alone
  const double before = server.memory().now;
  const double cpu = server.cpu();
  const auto begin = std::chrono::steady_clock::now();
  while (streams.size() < count) streams.push_back(connect());
  const double opened_in = seconds_since(begin), opening = server.cpu() - cpu;
  const double each = (server.memory().now - before) * 1024 / static_cast<double>(count - 20);
  std::printf("\n## %s: %zu streams\n", tls ? "TLS 1.3" : "plain, loopback", count);
  std::printf("opened in %.1f s (one after another), server CPU %.0f us each, with session and proof\n", opened_in,
              opening / static_cast<double>(count - 20) * 1e6);
  std::printf("memory: %.1f KiB each; server %.0f MiB\n", each, server.memory().now);
  const double idle_before = server.cpu();
  const auto idle = std::chrono::steady_clock::now();
  ::usleep(2'000'000);
  std::printf("CPU of the idle server: %.1f %% of a core\n",
              (server.cpu() - idle_before) / seconds_since(idle) * 100);

  std::vector<double> last_ms, first_ms, work_us;
  for (int round = 0; round < 5; ++round) {
    const Scene::Prepared act = scene.next(0);
    const double fan_cpu = server.cpu();
    const auto sent = std::chrono::steady_clock::now();
    const auto answer = door.post("/v1/acts", submission_text(act.body, act.objects));
    if (answer.status != 201)
      std::fprintf(stderr, "bench: %d %s\n", answer.status, answer.body.c_str()), std::exit(1);
    std::vector<pollfd> waiting;
    for (const auto& stream : streams) waiting.push_back({stream->descriptor(), POLLIN, 0});
    std::size_t left = streams.size();
    double first = 0;
    while (left > 0) {
      if (::poll(waiting.data(), waiting.size(), 20'000) <= 0)
        std::fprintf(stderr, "bench: %zu streams heard nothing\n", left), std::exit(1);
      for (std::size_t i = 0; i < waiting.size(); ++i) {
        if (waiting[i].revents == 0) continue;
        if (!streams[i]->receive()) std::fprintf(stderr, "bench: a stream was closed\n"), std::exit(1);
        if (streams[i]->pending().find(act.id) == std::string::npos) continue;
        if (first == 0) first = seconds_since(sent) * 1e3;
        streams[i]->pending().clear();
        waiting[i].fd = -1;
        waiting[i].revents = 0;
        --left;
      }
    }
    first_ms.push_back(first);
    last_ms.push_back(seconds_since(sent) * 1e3);
    work_us.push_back((server.cpu() - fan_cpu) / static_cast<double>(streams.size()) * 1e6);
  }
  std::printf(
      "one event to all, from submitting the act: first stream %.1f ms, last %.1f ms (medians of 5); server CPU %.1f "
      "us a stream\n",
      quantile(first_ms, 0.5), quantile(last_ms, 0.5), quantile(work_us, 0.5));
  std::printf("load at the end: %.1f\n", load_average());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const bool small = flag(argc, argv, "small");
  const auto plain = static_cast<std::size_t>(number_option(argc, argv, "streams", small ? 1000 : 5000));
  const auto tls = static_cast<std::size_t>(number_option(argc, argv, "tls", small ? 200 : 1000));
  print_head("streams: idle event streams and one event to all of them");
  const std::size_t files = allow_open_files();
  if (files < plain + 100)
    return std::fprintf(stderr, "bench: only %zu open files allowed; run `ulimit -n 16384`\n", files), 1;
  measure(false, plain);
  measure(true, tls);
  return 0;
}
