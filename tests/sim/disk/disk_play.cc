#include "tests/sim/disk/disk_play.h"

#include <fmt/format.h>

#include <algorithm>

namespace odradek::sim {
namespace {

using testing::bad_command;
using testing::TextCommand;

std::uint64_t number(const TextCommand& command, std::size_t word) {
  return static_cast<std::uint64_t>(command.number(word));
}

std::string path_of(const TextCommand& command, std::size_t word) {
  const std::string& path = command.word(word);
  return path == "*" || path == "." ? "" : path;
}

/// "300*a" or plain text.
std::string unrolled(const std::string& word) {
  const auto star = word.find('*');
  if (word == "-") return "";
  return star == std::string::npos ? word : std::string(std::stoul(word.substr(0, star)), word[star + 1]);
}

std::string rolled(std::string_view text) {
  std::string shown;
  bool after_run = false;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find_first_not_of(text[i], i), text.size());
    const bool is_odd = text[i] < ' ' || text[i] > '~';
    const char letter = text[i] == '\0' ? '.' : is_odd ? '?' : text[i];
    const bool is_run = end - i > 5;
    if (i > 0 && (is_run || after_run)) shown += ' ';
    shown += is_run ? fmt::format("{}*{}", end - i, letter) : std::string(end - i, letter);
    after_run = is_run;
    i = end;
  }
  return shown.empty() ? "(empty)" : shown;
}

template <class T>
std::string said(const io::DiskResult<T>& result) {
  return result ? "" : fmt::format("{}\n", name_of(result.error()));
}

DiskOperation operation(const std::string& word) {
  if (word == "append") return DiskOperation::kAppend;
  if (word == "read") return DiskOperation::kRead;
  if (word == "fsync") return DiskOperation::kFsync;
  if (word == "rename") return DiskOperation::kRename;
  if (word == "truncate") return DiskOperation::kTruncate;
  if (word == "remove") return DiskOperation::kRemove;
  bad_command("no such operation");
}

DiskScope scope(const TextCommand& command, DiskOperation operation, std::size_t word) {
  DiskScope scope{.operation = operation, .prefix = path_of(command, word)};
  for (const std::string& option : command.words) {
    if (option.starts_with("after=")) scope.passed_over = std::stoul(option.substr(6));
    if (option.starts_with("times=")) scope.times = std::stoul(option.substr(6));
  }
  return scope;
}

Chance chance(const TextCommand& command, std::size_t word) {
  const bool given = command.words.size() > word;
  return {.seed = Key{.high = 3, .low = 5}, .entity = 1, .ordinal = given ? number(command, word) : 0};
}

Survival survival(const std::string& word) {
  for (const Survival each : kSurvivals) {
    if (name_of(each) == word) return each;
  }
  bad_command("nothing survives like this");
}

std::string shown(const SimDisk& disk) {
  std::string text;
  for (const std::string& path : disk.list("")) {
    const auto content = disk.read(path, 0, static_cast<std::uint32_t>(*disk.size(path)));
    text += fmt::format("{}  {}\n", path, content ? rolled(content->text()) : name_of(content.error()));
  }
  return text.empty() ? "no files\n" : text;
}

std::string told(const std::optional<DecayedPlace>& place) {
  return place ? fmt::format("{} at {}\n", place->path, place->position) : "nothing to hit\n";
}

}  // namespace

std::string DiskPlay::mutate(const TextCommand& command) {
  const std::string& verb = command.verb();
  const std::string& path = command.word(1);
  if (verb == "truncate") return said(disk_.truncate(path, number(command, 2)));
  if (verb == "rename") return said(disk_.rename(path, command.word(2)));
  if (verb == "remove") return said(disk_.remove(path));
  std::string text;
  for (std::size_t i = 2; i < command.words.size(); ++i)
    text += said(disk_.append(path, Bytes(unrolled(command.words[i]))));
  return text;
}

std::string DiskPlay::sync(const TextCommand& command) {
  const std::string& verb = command.verb();
  if (verb == "begin") {
    disk_.begin_fsync(FsyncTicket(number(command, 1)), path_of(command, 2), io::Lane::kRaft);
    return "";
  }
  if (verb == "fsync") disk_.begin_fsync(FsyncTicket(++ticket_), path_of(command, 1), io::Lane::kRaft);
  const FsyncTicket ticket(verb == "fsync" ? ticket_ : number(command, 1));
  const auto answer = disk_.finish_fsync(ticket);
  if (!answer) return "nobody asks\n";
  return answer->ok ? "" : "fsync failed\n";
}

std::string DiskPlay::harm(const TextCommand& command) {
  const std::string& verb = command.verb();
  if (verb == "power-loss") {
    disk_.lose_power(survival(command.word(1)), chance(command, 2));
  } else if (verb == "fail") {
    const io::DiskError error =
        command.word(3) == "no-space" ? io::DiskError::kNoSpace : io::DiskError::kInputOutput;
    rules_.push_back(disk_.fail(scope(command, operation(command.word(1)), 2), error));
  } else if (verb == "lost-write" || verb == "misdirected-write") {
    const Decay decay = verb == "lost-write" ? Decay::kLostWrite : Decay::kMisdirectedWrite;
    rules_.push_back(disk_.misplace(scope(command, DiskOperation::kAppend, 1), decay, chance(command, 99)));
  } else if (verb == "lift") {
    disk_.lift(rules_.back());
  } else if (verb == "touched") {
    return fmt::format("{} touched\n", disk_.affected(rules_.back()));
  } else if (verb == "rot") {
    return told(disk_.rot(path_of(command, 1), chance(command, 2)));
  } else if (verb == "unreadable") {
    return told(disk_.make_unreadable(path_of(command, 1), chance(command, 2)));
  } else {
    bad_command("no such command; see tests/sim/disk/disk_play.h");
  }
  return "";
}

std::string DiskPlay::show(const TextCommand& command) const {
  const std::string& verb = command.verb();
  if (verb == "counters") {
    return fmt::format("{} bytes used, {} written, {} mutations\n", disk_.bytes_used(), disk_.bytes_written(),
                       disk_.mutations());
  }
  if (verb == "read") {
    const auto data =
        disk_.read(command.word(1), number(command, 2), static_cast<std::uint32_t>(number(command, 3)));
    return data ? rolled(data->text()) + "\n" : said(data);
  }
  if (verb == "size") {
    const auto size = disk_.size(command.word(1));
    return size ? fmt::format("{}\n", *size) : said(size);
  }
  if (verb == "list") return fmt::format("{}\n", fmt::join(disk_.list(path_of(command, 1)), " "));
  return shown(disk_);
}

std::string DiskPlay::act(const TextCommand& command) {
  const std::string& verb = command.verb();
  const auto is_one_of = [&verb](std::initializer_list<std::string_view> verbs) {
    return std::ranges::find(verbs, verb) != verbs.end();
  };
  if (is_one_of({"append", "truncate", "rename", "remove"})) return mutate(command);
  if (is_one_of({"fsync", "begin", "finish"})) return sync(command);
  if (is_one_of({"show", "counters", "read", "size", "list"})) return show(command);
  if (verb == "disk") {
    *this = DiskPlay();
  } else if (verb == "process-crash") {
    disk_.forget_fsyncs();
  } else if (verb == "drop-cache") {
    disk_.drop_cache();
  } else if (verb == "empty") {
    disk_.empty();
  } else if (verb == "swap") {
    std::swap(disk_, other_);
  } else if (verb == "limit") {
    disk_.limit(number(command, 1));
  } else {
    return harm(command);
  }
  return "";
}

}  // namespace odradek::sim
