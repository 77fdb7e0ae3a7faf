#include "engine/node/clean_shutdown.h"

#include <fmt/core.h>

#include <charconv>

#include "engine/log/checkpoint_text.h"

namespace odradek::node {
namespace {

constexpr std::string_view kBefore = R"({"version":0,"brokerEpoch":)";

std::optional<BrokerEpoch> parse(std::string_view text) {
  if (!text.starts_with(kBefore) || !text.ends_with('}')) return std::nullopt;
  const std::string_view digits = text.substr(kBefore.size(), text.size() - kBefore.size() - 1);
  std::int64_t epoch = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), epoch);
  if (error != std::errc() || end != digits.end()) return std::nullopt;
  return BrokerEpoch(epoch);
}

}  // namespace

std::optional<BrokerEpoch> take_clean_shutdown(io::Disk& disk, io::Effects& out) {
  const auto text = log::read_file(disk, kCleanShutdownFile);
  if (!text) return std::nullopt;
  (void)disk.remove(kCleanShutdownFile);
  (void)out.fsync(log::directory_of(kCleanShutdownFile));
  return parse(text->text());
}

io::DiskResult<void> CleanShutdown::advance(io::Disk& disk, io::Effects& out) {
  if (!flushes_.empty() || file_.is_writing() || file_.is_durable()) return {};
  return file_.save(fmt::format("{}{}}}", kBefore, epoch_.value()), disk, out);
}

io::DiskResult<void> CleanShutdown::on_fsync(const io::FsyncFinished& finished, io::Disk& disk,
                                             io::Effects& out) {
  flushes_.erase(finished.ticket);
  TRY_DO(file_.on_fsync(finished, disk, out));
  return advance(disk, out);
}

}  // namespace odradek::node
