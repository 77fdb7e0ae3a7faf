#include "sim/kernel/lane_of.h"

#include <variant>

namespace odradek::sim {
namespace {

struct LaneOf {
  io::Lane operator()(const io::Booted&) const { return io::Lane::kLifecycle; }
  io::Lane operator()(const io::TimerFired& fired) const { return io::info_of(fired.timer.kind).lane; }
  io::Lane operator()(const io::WorkDue& due) const { return io::lane_of(due.work); }
  io::Lane operator()(const io::ConnectionOpened& opened) const {
    return io::info_of(opened.link.purpose).lane;
  }
  io::Lane operator()(const io::ConnectionLost& lost) const { return io::info_of(lost.link.purpose).lane; }
  io::Lane operator()(const io::PeerGone&) const { return io::Lane::kRequestHandler; }
  io::Lane operator()(const io::RequestReceived&) const { return io::Lane::kRequestHandler; }
  io::Lane operator()(const io::ResponseReceived& got) const { return io::info_of(got.link.purpose).lane; }
  // The world answers an fsync on the lane that asked for it.
  io::Lane operator()(const io::FsyncFinished&) const { return io::Lane::kScheduler; }
  io::Lane operator()(const io::ClientCall&) const { return io::Lane::kApplication; }
};

}  // namespace

io::Lane default_lane_of(const io::Input& input) { return std::visit(LaneOf{}, input); }

}  // namespace odradek::sim
