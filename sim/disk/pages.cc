#include "sim/disk/pages.h"

#include <algorithm>
#include <vector>

#include "engine/base/ensure.h"

namespace odradek::sim {
namespace {

Bytes zeros(std::uint64_t length) { return Bytes(std::vector<std::uint8_t>(length)); }

}  // namespace

void PageMarks::clear(std::uint64_t first, std::uint64_t last) {
  for (PageSet* pages : {&stale, &doomed, &unreadable})
    pages->erase(pages->lower_bound(first), pages->upper_bound(last));
}

const File& FileState::platter() const {
  static const File nothing;
  return durable ? **durable : nothing;
}

Bytes page_at(const File& file, std::uint64_t page) {
  const std::uint64_t begin = page * kPageBytes;
  if (begin >= file.size()) return zeros(kPageBytes);
  const std::uint64_t length = std::min<std::uint64_t>(kPageBytes, file.size() - begin);
  const Bytes data = file.read(begin, static_cast<std::uint32_t>(length));
  if (length == kPageBytes) return data;
  return concatenate(std::vector{data, zeros(kPageBytes - length)});
}

Bytes spliced(const Bytes& front, const Bytes& back, std::uint32_t cut) {
  ENSURE(front.size() == kPageBytes && back.size() == kPageBytes, "{} and {} bytes", front.size(),
         back.size());
  if (cut == 0) return back;
  if (cut == kPageBytes) return front;
  return concatenate(std::vector{front.slice(0, cut), back.slice(cut, kPageBytes - cut)});
}

File with_pages(const File& base, std::uint64_t size, const std::map<std::uint64_t, Bytes>& pages) {
  const std::uint64_t first = pages.empty() ? size : pages.begin()->first * kPageBytes;
  File file = base;
  file.truncate(std::min({first, size, base.size()}));
  while (file.size() < size) {
    const std::uint64_t begin = file.size();
    const std::uint64_t page = page_of(begin);
    const std::uint64_t end = std::min(size, (page + 1) * kPageBytes);
    const auto skipped = static_cast<std::uint32_t>(begin - page * kPageBytes);
    const auto length = static_cast<std::uint32_t>(end - begin);
    const auto replaced = pages.find(page);
    file.append((replaced == pages.end() ? page_at(base, page) : replaced->second).slice(skipped, length));
  }
  return file;
}

File written_out(const File& platter, const File& content, const PageSet& skipped) {
  std::map<std::uint64_t, Bytes> kept;
  for (const std::uint64_t page : skipped) kept.emplace(page, page_at(platter, page));
  return with_pages(content, content.size(), kept);
}

PageSet dirty_pages(const File& platter, const File& content) {
  PageSet dirty;
  const std::uint64_t pages = pages_in(content.size());
  for (std::uint64_t page = page_of(platter.common_prefix(content)); page < pages; ++page) {
    if (page_at(platter, page) != page_at(content, page)) dirty.insert(page);
  }
  return dirty;
}

}  // namespace odradek::sim
