#include "engine/log/durable_file.h"

#include "engine/log/checkpoint_text.h"

namespace odradek::log {

std::string directory_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? std::string_view() : path.substr(0, slash));
}

io::DiskResult<Bytes> DurableFile::load(const io::Disk& disk) const { return read_file(disk, path_); }

io::DiskResult<void> DurableFile::save(std::string_view text, io::Disk& disk, io::Effects& out) {
  const std::string temporary = temporary_path();
  if (disk.size(temporary)) TRY_DO(disk.remove(temporary));  // left behind by a crash, or superseded
  TRY_DO(disk.append(temporary, Bytes(text)));
  seal(out);
  return {};
}

void DurableFile::seal(io::Effects& out) {
  ticket_ = out.fsync(temporary_path());
  stage_ = Stage::kTemporary;
}

io::DiskResult<void> DurableFile::on_fsync(const io::FsyncFinished& finished, io::Disk& disk,
                                           io::Effects& out) {
  if (!awaits(finished.ticket)) return {};
  ticket_.reset();
  if (stage_ == Stage::kRenamed) {
    stage_ = Stage::kDurable;
    return {};
  }
  TRY_DO(disk.rename(temporary_path(), path_));
  ticket_ = out.fsync(directory_of(path_));
  stage_ = Stage::kRenamed;
  return {};
}

}  // namespace odradek::log
