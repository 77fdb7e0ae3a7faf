#include "engine/io/lane_of.h"

#include <variant>

namespace odradek::io {
namespace {

struct LaneOf {
  Lane operator()(const Booted&) const { return Lane::kLifecycle; }
  Lane operator()(const TimerFired& fired) const { return info_of(fired.timer.kind).lane; }
  Lane operator()(const WorkDue& due) const { return lane_of(due.work); }
  Lane operator()(const ConnectionOpened& opened) const { return info_of(opened.link.purpose).lane; }
  Lane operator()(const ConnectionLost& lost) const { return info_of(lost.link.purpose).lane; }
  Lane operator()(const PeerGone&) const { return Lane::kRequestHandler; }
  Lane operator()(const RequestReceived&) const { return Lane::kRequestHandler; }
  Lane operator()(const ResponseReceived& got) const { return info_of(got.link.purpose).lane; }
  // The world answers an fsync on the lane that asked for it.
  Lane operator()(const FsyncFinished&) const { return Lane::kScheduler; }
  Lane operator()(const ClientCall&) const { return Lane::kApplication; }
  Lane operator()(const ShutdownRequested&) const { return Lane::kLifecycle; }
};

}  // namespace

Lane default_lane_of(const Input& input) { return std::visit(LaneOf{}, input); }

}  // namespace odradek::io
