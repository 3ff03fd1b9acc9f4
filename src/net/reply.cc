#include "net/reply.h"

#include "net/loop.h"

namespace entraide::net {

// ---- events --------------------------------------------------------------------------------

Event make_event(std::string_view id, std::string_view name, std::string_view data) {
  const auto one_line = [](std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
  };
  ENSURE(one_line(id) && one_line(name));
  std::string out;
  out.reserve(id.size() + name.size() + data.size() + 32);
  if (!id.empty()) out.append("id: ").append(id).append("\n");
  if (!name.empty()) out.append("event: ").append(name).append("\n");
  // A line of data ends at CR LF, LF or CR alone; each goes out as its own field.
  for (;;) {
    const std::size_t end = std::min(data.find_first_of("\r\n"), data.size());
    out.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == data.size()) break;
    data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  out += '\n';
  return std::make_shared<const std::string>(std::move(out));
}

bool StreamState::send(const Event& event) {
  bool ask = false, overflow = false;
  {
    Lock lock(mutex_);
    if (!open_) return false;
    if (bytes_ + event->size() > bytes_max_) {
      overflow = true;
      open_ = false;
    } else {
      waiting_.push_back(event);
      bytes_ += event->size();
      ask = !std::exchange(flush_asked_, true);
    }
  }
  if (overflow) loop_->post([loop = loop_.get(), id = connection_] { loop->drop_slow_reader(id); });
  else if (ask) loop_->post([loop = loop_.get(), id = connection_] { loop->flush_stream(id); });
  return !overflow;
}

bool StreamState::open() const {
  Lock lock(mutex_);
  return open_;
}

void StreamState::on_close(std::function<void()> callback) {
  {
    Lock lock(mutex_);
    if (closed_here_) return;
    if (!ended_) {
      callback_ = std::move(callback);
      return;
    }
  }
  callback();
}

void StreamState::close() {
  std::function<void()> unused;  // goes after the lock: what it captured may call back
  {
    Lock lock(mutex_);
    if (closed_here_) return;
    closed_here_ = true;
    unused = std::move(callback_);
    if (!std::exchange(open_, false)) return;
  }
  loop_->post([loop = loop_.get(), id = connection_] { loop->flush_stream(id); });
}

StreamState::Taken StreamState::take() {
  Lock lock(mutex_);
  Taken out{std::exchange(waiting_, {}), closed_here_};
  if (out.events.empty()) flush_asked_ = false;
  return out;
}

void StreamState::sent(std::size_t bytes) {
  Lock lock(mutex_);
  bytes_ -= std::min(bytes_, bytes);
}

void StreamState::refuse_more() {
  Lock lock(mutex_);
  open_ = false;
}

void StreamState::ended() {
  std::function<void()> callback;
  {
    Lock lock(mutex_);
    open_ = false;
    if (std::exchange(ended_, true) || closed_here_) return;
    callback = std::move(callback_);
    callback_ = nullptr;
  }
  if (callback) callback();
}

EventStream& EventStream::operator=(EventStream&& other) noexcept {
  if (this == &other) return *this;
  close();
  state_ = std::exchange(other.state_, {});
  return *this;
}

bool EventStream::send(const Event& event) { return state_ && state_->send(event); }
bool EventStream::open() const { return state_ && state_->open(); }

void EventStream::on_close(std::function<void()> callback) {
  if (state_) state_->on_close(std::move(callback));
  else callback();
}

void EventStream::close() {
  if (const auto state = std::exchange(state_, {})) state->close();
}

// ---- replies -------------------------------------------------------------------------------

namespace {

class FunctionReply final : public ReplyTarget {
 public:
  explicit FunctionReply(std::function<void(Response)> function) : function_(std::move(function)) {}
  void answer(Response response) override { function_(std::move(response)); }
  EventStream stream(Headers headers) override {
    headers.set("Content-Type", "text/event-stream");
    Response response;
    response.headers = std::move(headers);
    function_(std::move(response));
    return EventStream();
  }
  void dropped() override {
    Response response;
    response.status = 500;
    function_(std::move(response));
  }

 private:
  std::function<void(Response)> function_;
};

}  // namespace

Reply Reply::to(std::function<void(Response)> function) {
  return Reply(std::make_unique<FunctionReply>(std::move(function)));
}

Reply& Reply::operator=(Reply&& other) noexcept {
  if (this == &other) return *this;
  drop();
  target_ = std::move(other.target_);
  return *this;
}

void Reply::send(Response response) && {
  ENSURE(target_ != nullptr);
  std::exchange(target_, nullptr)->answer(std::move(response));
}

EventStream Reply::stream(Headers headers) && {
  ENSURE(target_ != nullptr);
  return std::exchange(target_, nullptr)->stream(std::move(headers));
}

void Reply::drop() {
  if (const auto target = std::exchange(target_, nullptr)) target->dropped();
}

}  // namespace entraide::net
