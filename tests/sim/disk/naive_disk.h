// NaiveDisk: what may be left of a disk after a power loss, worked out with nothing but strings.
//
// It keeps all names' operations since the last loss, in order, and each file as two strings. Asked what is
// allowed, it tries every way in which the operations of each directory may have been cut off.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/disk/survival.h"

namespace odradek::sim {

class NaiveDisk {
 public:
  using Contents = std::map<std::string, std::string>;

  void append(const std::string& path, const std::string& data);
  void truncate(const std::string& path, std::size_t size);
  void rename(const std::string& from, const std::string& to);
  void remove(const std::string& path);
  void begin_fsync(std::uint64_t ticket, const std::string& path, bool ok);
  void finish_fsync(std::uint64_t ticket);
  void forget_fsyncs() { pending_.clear(); }
  void drop_cache();

  /// What processes see.
  [[nodiscard]] Contents seen() const;
  [[nodiscard]] bool exists(const std::string& path) const { return names_.contains(path); }
  [[nodiscard]] std::size_t size(const std::string& path) const { return file(path).cached.size(); }
  [[nodiscard]] std::vector<std::uint64_t> tickets() const;

  /// Why `found` may not be what a power loss leaves now; empty if it may.
  [[nodiscard]] std::string objection(const Contents& found, Survival survival) const;
  /// The power is back: all of this is durable.
  void start_from(const Contents& found);

 private:
  struct File {
    std::string platter;
    std::string cached;
    std::set<std::size_t> skipped;  ///< pages that no fsync will write
    int version = 0;
    int synced = 0;
  };
  struct Operation {
    std::optional<std::string> gone;
    std::optional<std::string> given;
    int file = 0;
  };
  struct Fsync {
    std::uint64_t ticket = 0;
    bool ok = true;
    int file = -1;  ///< or else a directory
    std::string content;
    std::set<std::size_t> skipped;
    int version = 0;
    std::string directory;
    std::size_t operations = 0;
  };
  using Cuts = std::map<std::string, std::size_t>;  ///< how many operations of each directory survive
  using Names = std::map<std::string, int>;

  [[nodiscard]] const File& file(const std::string& path) const { return files_.at(names_.at(path)); }
  void operate(Operation operation);
  static void write(File& file, const Fsync& fsync);
  [[nodiscard]] std::size_t count(const std::string& directory, std::size_t operations) const;
  [[nodiscard]] std::optional<Names> names_after(Cuts cuts) const;
  [[nodiscard]] std::vector<Names> allowed_names(Survival survival) const;
  [[nodiscard]] bool is_allowed(const std::string& found, int file, Survival survival) const;

  Names base_;  ///< after the last power loss
  Names names_;
  std::vector<Operation> operations_;
  Cuts committed_;
  std::map<int, File> files_;
  int next_ = 0;
  std::vector<Fsync> pending_;
};

}  // namespace odradek::sim
