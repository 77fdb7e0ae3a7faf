#include "bindings/cli/side.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>

#include "bindings/cli/socket_text.h"
#include "engine/base/ensure.h"

namespace odradek::cli {
namespace {

constexpr const char* kSocketName = "ODRADEK_SIDE_SOCKET";
constexpr const char* kHeapName = "ODRADEK_SIDE_HEAP_DESCENDS";

/// This process's environment with the side's own variables in it.
std::vector<std::string> environment_of(const Surroundings& around, int socket) {
  const char* const sanitizer = std::getenv("ASAN_OPTIONS");
  std::vector<std::string> variables = {
      fmt::format("{}={}", kSocketName, socket),
      fmt::format("{}={}", kHeapName, around.heap_descends ? 1 : 0),
      fmt::format("MALLOC_PERTURB_={}", around.malloc_fill),
      // M_PERTURB does not fill what comes from glibc's cache per thread.
      "GLIBC_TUNABLES=glibc.malloc.tcache_count=0",
      fmt::format("ASAN_OPTIONS={}{}malloc_fill_byte={}:max_malloc_fill_size=65536",
                  sanitizer == nullptr ? "" : sanitizer, sanitizer == nullptr ? "" : ":", around.malloc_fill),
      fmt::format("LC_ALL={}", around.locale), fmt::format("TZ={}", around.time_zone),
      fmt::format("ODRADEK_SIDE_PADDING={}", std::string(around.padding, 'x'))};
  const auto is_replaced = [own = variables](std::string_view variable) {
    const std::string_view name = variable.substr(0, variable.find('=') + 1);
    return std::ranges::any_of(own, [name](const std::string& v) { return v.starts_with(name); });
  };
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!is_replaced(*variable)) variables.emplace_back(*variable);
  }
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// In the new process, which does nothing but become the program.
[[noreturn]] void become(const Surroundings& around, char** arguments, char** environment) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (!around.random_addresses)
    personality(ADDR_NO_RANDOMIZE);  // a container may refuse: the sides differ all the same
  if (chdir(around.directory.c_str()) != 0) _exit(126);
  execve("/proc/self/exe", arguments, environment);
  _exit(127);
}

using Block = std::unique_ptr<std::byte[]>;

/// Frees many blocks of all small sizes in one order of their addresses: allocators hand out last what was
/// freed first, so the two sides go on as mirror images. Returns what lies between them, which keeps them
/// from being merged.
std::vector<Block> arrange_heap(bool descends) {
  constexpr std::size_t kSizeMax = 256;
  constexpr std::size_t kBlocks = 4'096;
  std::vector<Block> kept;
  for (std::size_t size = 24; size <= kSizeMax; size += 16) {
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < kBlocks + (descends ? 1 : 0); ++i)
      blocks.push_back(std::make_unique<std::byte[]>(size));
    std::ranges::sort(blocks, [descends](const Block& a, const Block& b) {
      return descends ? a.get() < b.get() : a.get() > b.get();
    });
    for (std::size_t i = 0; i < blocks.size(); i += 2) kept.push_back(std::move(blocks[i]));
    for (Block& block : blocks) block.reset();
  }
  return kept;
}

Result<Told> answer(const Question& question, const MakeRun& make) {
  try {
    TRY(run, make(question.subject));
    if (!question.look) return Told{.marks = record(*run, question.window), .look = std::nullopt};
    return Told{.marks = {}, .look = look(*run, *question.look, {.before = false})};
  } catch (const EnsureFailure& failed) {
    return fail("{}:{}: {}: {}", failed.file, failed.line, failed.condition, failed.message);
  } catch (const std::exception& failed) {
    return fail("{}", failed.what());
  }
}

std::string death_of(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status))
    return fmt::format("signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
  return fmt::format("exit {}", WEXITSTATUS(status));
}

}  // namespace

std::array<Surroundings, 2> opposite_surroundings() {
  return {{{.random_addresses = false,
            .heap_descends = false,
            .malloc_fill = 0x55,
            .locale = "C",
            .time_zone = "UTC",
            .directory = ".",
            .padding = 0},
           {.random_addresses = true,
            .heap_descends = true,
            .malloc_fill = 0xAA,
            .locale = "tr_TR.UTF-8",
            .time_zone = "Asia/Kathmandu",
            .directory = "/",
            .padding = 5'000}}};
}

Side::Side(const Surroundings& surroundings, const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  ENSURE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0, "no socket: {}",
         std::strerror(errno));
  std::vector<std::string> words = {"odradek"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables = environment_of(surroundings, ends[1]);
  const std::vector<char*> word_pointers = pointers_to(words);
  const std::vector<char*> variable_pointers = pointers_to(variables);
  pid_ = fork();
  ENSURE(pid_ >= 0, "no process: {}", std::strerror(errno));
  if (pid_ == 0) {
    fcntl(ends[1], F_SETFD, 0);  // this end alone lives on in the program
    become(surroundings, const_cast<char**>(word_pointers.data()),
           const_cast<char**>(variable_pointers.data()));
  }
  close(ends[1]);
  socket_ = ends[0];
}

Side::~Side() {
  close(socket_);
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  static_cast<void>(death_of(pid_));
}

void Side::ask(const Question& question) {
  write_message(socket_, question_text(question));  // a dead side is noticed when it is heard
}

Result<Told> Side::hear() {
  for (;;) {
    if (const auto text = take_message(received_)) return parse_told(*text);
    if (read_some(socket_, received_)) continue;
    if (pid_ < 0) return fail("its process is dead");
    return fail("its process died: {}", death_of(std::exchange(pid_, -1)));
  }
}

bool serve_side(const MakeRun& make) {
  const char* const name = std::getenv(kSocketName);
  if (name == nullptr) return false;
  const int socket = std::atoi(name);
  const char* const descends = std::getenv(kHeapName);
  std::setlocale(LC_ALL, "");
  std::signal(SIGINT, SIG_IGN);  // whoever asks decides when to stop
  const std::vector<Block> kept = arrange_heap(descends != nullptr && *descends == '1');
  std::string received;
  for (;;) {
    while (const auto text = take_message(received)) {
      const auto question = parse_question(*text);
      const Result<Told> told = question ? answer(*question, make) : std::unexpected(question.error());
      if (!write_message(socket, told_text(told))) return true;
    }
    if (!read_some(socket, received)) return true;
  }
}

}  // namespace odradek::cli
