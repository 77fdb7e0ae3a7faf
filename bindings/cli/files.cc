#include "bindings/cli/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace odradek::cli {
namespace {

namespace fs = std::filesystem;

std::unexpected<FileError> refuse(const fs::path& path, int number) {
  return std::unexpected(FileError{.message = fmt::format("{}: {}", path.string(), std::strerror(number)),
                                   .full = number == ENOSPC || number == EDQUOT || number == EFBIG});
}

fs::path partial_name(const fs::path& path) {
  return path.parent_path() / fmt::format(".{}.partial", path.filename().string());
}

int open_for_writing(const fs::path& path, int flags) {
  int descriptor = -1;
  do {
    descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0666);
  } while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

/// Zero, or the error's number.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(descriptor, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

/// The names in a folder, to the disk.
void sync_names(const fs::path& folder) {
  const int descriptor = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

/// `shown_as` stands in messages: what the file is to become.
Stored write_directly(const fs::path& path, const fs::path& shown_as, std::string_view text) {
  const int descriptor = open_for_writing(path, O_TRUNC);
  if (descriptor < 0) return refuse(shown_as, errno);
  int failure = write_all(descriptor, text);
  // What is no file of a disk cannot be synced, and need not be.
  if (failure == 0 && fsync(descriptor) != 0 && errno != EINVAL && errno != EROFS) failure = errno;
  if (close(descriptor) != 0 && failure == 0) failure = errno;
  if (failure != 0) return refuse(shown_as, failure);
  return {};
}

/// Gives what is under a partial name its own, unless `written` says that it is not whole.
Stored settle(const fs::path& partial, const fs::path& path, Stored written) {
  std::error_code error;
  if (written) {
    fs::rename(partial, path, error);
    if (error) written = refuse(path, error.value());
  }
  if (written) {
    sync_names(path.parent_path());
  } else {
    fs::remove_all(partial, error);
  }
  return written;
}

bool is_special(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  return fs::exists(status) && !fs::is_regular_file(status);
}

}  // namespace

Stored write_whole(const fs::path& path, std::string_view text) {
  if (is_special(path)) return write_directly(path, path, text);
  const fs::path partial = partial_name(path);
  return settle(partial, path, write_directly(partial, path, text));
}

Stored write_folder(const fs::path& path, const std::vector<NamedText>& files) {
  const fs::path partial = partial_name(path);
  std::error_code error;
  fs::remove_all(partial, error);
  fs::create_directories(partial, error);
  if (error) return refuse(path, error.value());
  Stored written;
  for (const NamedText& file : files) {
    if (written) written = write_directly(partial / file.name, path / file.name, file.text);
  }
  if (written) {
    sync_names(partial);
    fs::remove_all(path, error);
  }
  return settle(partial, path, std::move(written));
}

Stored check_writable(const fs::path& path) {
  const bool special = is_special(path);
  const fs::path tried = special ? path : partial_name(path);
  const int descriptor = open_for_writing(tried, 0);
  if (descriptor < 0) return refuse(path, errno);
  close(descriptor);
  if (!special) unlink(tried.c_str());
  return {};
}

std::expected<GrowingFile, FileError> GrowingFile::open(const fs::path& path) {
  const int descriptor = open_for_writing(path, 0);
  if (descriptor < 0) return refuse(path, errno);
  const off_t bytes = lseek(descriptor, 0, SEEK_END);
  return GrowingFile(descriptor, static_cast<std::uint64_t>(bytes), path);
}

GrowingFile::GrowingFile(GrowingFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      bytes_(other.bytes_),
      path_(std::move(other.path_)) {}

GrowingFile::~GrowingFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool GrowingFile::lock() const {
  struct flock whole{};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return fcntl(descriptor_, F_SETLK, &whole) == 0;
}

Stored GrowingFile::append(std::string_view text) {
  if (const int failure = write_all(descriptor_, text); failure != 0) {
    (void)cut(bytes_);
    return refuse(path_, failure);
  }
  bytes_ += text.size();
  return {};
}

Stored GrowingFile::cut(std::uint64_t bytes) {
  const auto end = static_cast<off_t>(bytes);
  if (ftruncate(descriptor_, end) != 0 || lseek(descriptor_, end, SEEK_SET) < 0) return refuse(path_, errno);
  bytes_ = bytes;
  return {};
}

Stored GrowingFile::overwrite(std::string text) {
  text.resize(std::max<std::size_t>(text.size(), bytes_), ' ');
  const ssize_t n = pwrite(descriptor_, text.data(), text.size(), 0);
  if (n < 0) return refuse(path_, errno);
  if (n < static_cast<ssize_t>(text.size())) return refuse(path_, ENOSPC);
  bytes_ = text.size();
  return {};
}

void GrowingFile::sync() const { fdatasync(descriptor_); }

}  // namespace odradek::cli
