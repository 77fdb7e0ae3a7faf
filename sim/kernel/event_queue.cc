#include "sim/kernel/event_queue.h"

#include "engine/base/ensure.h"

namespace odradek::sim {
namespace {

bool comes_before(const QueueEntry& a, const QueueEntry& b) {
  if (a.at != b.at) return a.at < b.at;
  if (a.tie != b.tie) return a.tie < b.tie;
  return a.sequence < b.sequence;
}

}  // namespace

// The heap is written out instead of taken from the library, because its layout is state: two worlds with one
// history are equal whatever library they were built with.

std::uint64_t EventQueue::push(QueueEntry entry) {
  entry.sequence = ++last_sequence_;
  auto place = size();
  heap_.push_back(entry);
  while (place > 0) {
    const std::uint32_t parent = (place - 1) / 2;
    if (!comes_before(entry, heap_[parent])) break;
    heap_[place] = heap_[parent];
    place = parent;
  }
  heap_[place] = entry;
  return entry.sequence;
}

QueueEntry EventQueue::pop() {
  ENSURE(!heap_.empty(), "nothing is scheduled");
  const QueueEntry first = heap_.front();
  const QueueEntry last = heap_.back();
  heap_.pop_back();
  if (!heap_.empty()) sink(0, last);
  return first;
}

void EventQueue::sink(std::uint32_t place, const QueueEntry& entry) {
  const std::uint32_t count = size();
  for (std::uint32_t child = 2 * place + 1; child < count; child = 2 * place + 1) {
    if (child + 1 < count && comes_before(heap_[child + 1], heap_[child])) ++child;
    if (!comes_before(heap_[child], entry)) break;
    heap_[place] = heap_[child];
    place = child;
  }
  heap_[place] = entry;
}

void EventQueue::restore() {
  for (std::uint32_t place = size() / 2; place-- > 0;) {
    const QueueEntry entry = heap_[place];
    sink(place, entry);
  }
}

}  // namespace odradek::sim
