// CleanShutdown: how a broker goes down with nothing to lose. All logs are flushed, then a file says so and
// names the broker epoch; the next incarnation registers with that epoch, and the controller knows that this
// replica lacks nothing (KIP-966, previousBrokerEpoch).
//
// The file is taken away at the next start. It serves for nothing but the registration: logs are scanned at
// every start, so that a file whose removal a power loss took back can do no harm: its epoch is not the one
// that is registered by then.
//
// Source: org.apache.kafka.storage.internals.checkpoint.CleanShutdownFileHandler.
#pragma once

#include <optional>
#include <set>
#include <string_view>

#include "engine/base/ids.h"
#include "engine/log/durable_file.h"

namespace odradek::node {

inline constexpr std::string_view kCleanShutdownFile = ".kafka_cleanshutdown";

/// The epoch of the incarnation that shut down cleanly, if it did; the file is gone then.
[[nodiscard]] std::optional<BrokerEpoch> take_clean_shutdown(io::Disk& disk, io::Effects& out);

class CleanShutdown {
 public:
  CleanShutdown() = default;
  /// `flushes` are what the logs wait for.
  CleanShutdown(BrokerEpoch epoch, std::set<FsyncTicket> flushes)
      : epoch_(epoch), flushes_(std::move(flushes)), file_(std::string(kCleanShutdownFile)) {}

  /// Goes on as far as it can. REQUIRES: the fsyncs so far have succeeded.
  [[nodiscard]] io::DiskResult<void> advance(io::Disk& disk, io::Effects& out);
  [[nodiscard]] io::DiskResult<void> on_fsync(const io::FsyncFinished& finished, io::Disk& disk,
                                              io::Effects& out);
  [[nodiscard]] bool is_done() const { return file_.is_durable(); }

  FIELDS(epoch_, flushes_, file_)
  friend bool operator==(const CleanShutdown&, const CleanShutdown&) = default;

 private:
  BrokerEpoch epoch_;
  std::set<FsyncTicket> flushes_;
  log::DurableFile file_;
};

}  // namespace odradek::node
