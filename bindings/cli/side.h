// Side: one of the two processes in which a doctor runs the same seeds. The two differ in everything around
// them that must not matter; this file has the list. A side tells what its runs were, in marks or in full,
// and compares nothing.
//
// Start reading at Surroundings, then `serve_side`, which is all that such a process does.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bindings/cli/side_message.h"

namespace odradek::cli {

/// What a process has around it.
struct Surroundings {
  bool random_addresses = true;  ///< address space layout randomisation, as far as the system lets one choose
  bool heap_descends =
      false;              ///< free blocks are handed out in descending order of their addresses, at first
  int malloc_fill = 0;    ///< fresh memory is filled with it (glibc's MALLOC_PERTURB_, or AddressSanitizer)
  std::string locale;     ///< LC_ALL
  std::string time_zone;  ///< TZ
  std::string directory;  ///< the working directory
  std::uint32_t padding = 0;  ///< bytes that the environment is larger by
};

/// Different in every member.
[[nodiscard]] std::array<Surroundings, 2> opposite_surroundings();
/// "address layout, order of the heap, …": what they differ in, for people.
inline constexpr std::string_view kWhatDiffers =
    "address layout, order of the heap, malloc fill, locale, time zone, directory, environment, order of the "
    "seeds";

class Side {
 public:
  /// Starts this very program again with these arguments; there it has to come to `serve_side`.
  Side(const Surroundings& surroundings, const std::vector<std::string>& arguments);
  ~Side();  ///< kills the process
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  void ask(const Question& question);
  /// The answer to the oldest question; an error when the process has died or could not do it.
  [[nodiscard]] Result<Told> hear();

 private:
  pid_t pid_ = -1;
  int socket_ = -1;
  std::string received_;
};

/// How a side comes from a subject to a run.
using MakeRun = std::function<Result<std::unique_ptr<sim::Recordable>>(const Subject&)>;

/// Answers questions until nobody asks any more. False when this process was not started by a Side.
bool serve_side(const MakeRun& make);

}  // namespace odradek::cli
