#include "bindings/cli/workers.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "bindings/cli/process.h"
#include "bindings/cli/socket_text.h"
#include "engine/base/ensure.h"

namespace odradek::cli {
namespace {

/// One that it does, and one that waits at its door.
constexpr std::size_t kTasksMax = 2;

/// When the kernel must kill for want of memory it shall take a worker, whose death says which seed it was.
void volunteer_for_the_killer_of_hogs() { std::ofstream("/proc/self/oom_score_adj") << 500; }

[[noreturn]] void serve(int socket, const WorkerPool::Work& work, pid_t parent) {
  std::signal(SIGINT, SIG_IGN);  // the parent decides when to stop
  std::signal(SIGTERM, SIG_DFL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  volunteer_for_the_killer_of_hogs();
  std::string received;
  for (;;) {
    while (const auto job = take_message(received)) {
      if (!write_message(socket, work(*job))) _exit(0);
    }
    if (!read_some(socket, received)) _exit(0);
  }
}

std::string describe_death(int status) {
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    const std::string_view hint = number == SIGKILL ? ", out of memory?" : "";
    return fmt::format("signal {} ({}{})", number, strsignal(number), hint);
  }
  return fmt::format("exit {}", WEXITSTATUS(status));
}

}  // namespace

WorkerPool::WorkerPool(int workers, Work work, Duration patience)
    : work_(std::move(work)), patience_(patience), workers_(static_cast<std::size_t>(workers)) {
  for (Worker& worker : workers_) start(worker);
}

WorkerPool::~WorkerPool() {
  for (Worker& worker : workers_) stop(worker);
}

void WorkerPool::start(Worker& worker) {
  std::array<int, 2> ends{};
  ENSURE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0, "no socket: {}",
         std::strerror(errno));
  std::fflush(nullptr);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  ENSURE(pid >= 0, "no process: {}", std::strerror(errno));
  if (pid == 0) {
    for (const Worker& other : workers_) {
      if (other.socket >= 0) close(other.socket);
    }
    close(ends[0]);
    try {
      serve(ends[1], work_, parent);
    } catch (...) {
      std::abort();  // found by the parent as the death that it is
    }
  }
  close(ends[1]);
  worker = Worker{.pid = pid, .socket = ends[0]};
}

void WorkerPool::stop(Worker& worker) {
  if (worker.pid < 0) return;
  kill(worker.pid, SIGKILL);
  close(worker.socket);
  while (waitpid(worker.pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  worker = Worker{};
}

bool WorkerPool::has_room() const {
  return std::ranges::any_of(workers_, [](const Worker& worker) { return worker.tasks.size() < kTasksMax; });
}

bool WorkerPool::has_busy() const {
  return std::ranges::any_of(workers_, [](const Worker& worker) { return !worker.tasks.empty(); });
}

void WorkerPool::submit(std::uint64_t job, const std::string& text) {
  Worker& worker = *std::ranges::min_element(workers_, {}, [](const Worker& w) { return w.tasks.size(); });
  ENSURE(worker.tasks.size() < kTasksMax, "all {} workers have enough to do", workers_.size());
  if (worker.tasks.empty()) worker.since = wall_time();
  worker.tasks.push_back({.job = job, .text = text});
  write_message(worker.socket, text);  // a dead worker is noticed when it is heard
}

void WorkerPool::bury(Worker& worker, std::optional<std::string> why, std::vector<Answer>& answers) {
  int status = 0;
  if (why) kill(worker.pid, SIGKILL);
  close(worker.socket);
  while (waitpid(worker.pid, &status, 0) < 0 && errno == EINTR) {
  }
  std::deque<Task> left = std::move(worker.tasks);
  if (!left.empty()) {
    answers.push_back({.job = left.front().job, .death = why ? *why : describe_death(status)});
    left.pop_front();
  }
  worker = Worker{};
  start(worker);
  worker.since = wall_time();
  worker.tasks = std::move(left);
  for (const Task& task : worker.tasks) write_message(worker.socket, task.text);
}

void WorkerPool::hear(Worker& worker, std::vector<Answer>& answers) {
  const bool lives = read_some(worker.socket, worker.received);
  while (auto text = take_message(worker.received)) {
    answers.push_back({.job = worker.tasks.front().job, .text = *std::move(text)});
    worker.tasks.pop_front();
    worker.since = wall_time();
  }
  if (!lives) bury(worker, std::nullopt, answers);
}

std::vector<Answer> WorkerPool::collect(Duration at_most) {
  std::vector<pollfd> waits;
  for (const Worker& worker : workers_) {
    waits.push_back({.fd = worker.socket, .events = POLLIN, .revents = 0});
  }
  poll(waits.data(), waits.size(), static_cast<int>(at_most.ms()));
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    Worker& worker = workers_[i];
    if (waits[i].revents != 0) {
      hear(worker, answers);
    } else if (!worker.tasks.empty() && wall_time() - worker.since > patience_) {
      bury(worker, fmt::format("no answer within {} s", patience_.ns() / seconds(1).ns()), answers);
    }
  }
  return answers;
}

}  // namespace odradek::cli
