#include "bindings/cli/process.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <vector>

#include "engine/base/hash.h"

namespace odradek::cli {
namespace {

volatile std::sig_atomic_t stop_wanted = 0;

extern "C" void want_stop(int) { stop_wanted = 1; }

rusage usage() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return used;
}

Duration duration_of(const timeval& time) { return seconds(time.tv_sec) + microseconds(time.tv_usec); }

/// In pieces: a program with its debug information is large.
std::string hash_of_program() {
  std::ifstream in("/proc/self/exe", std::ios::binary);
  if (!in) return "unknown";
  Hasher hasher;
  std::vector<char> piece(1 << 20);
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0)
    hasher.text({piece.data(), static_cast<std::size_t>(in.gcount())});
  return fmt::format("{:016x}", hasher.finish().low);
}

}  // namespace

Duration cpu_time() {
  const rusage used = usage();
  return duration_of(used.ru_utime) + duration_of(used.ru_stime);
}

Duration wall_time() {
  return nanoseconds(std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
}

double peak_megabytes() { return static_cast<double>(usage().ru_maxrss) / 1024.0; }

void catch_interrupts() {
  struct sigaction action{};
  action.sa_handler = want_stop;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return stop_wanted != 0; }

std::string build_id() {
  static const std::string id = hash_of_program();
  return id;
}

}  // namespace odradek::cli
