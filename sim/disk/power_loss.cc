#include "sim/disk/power_loss.h"

#include <algorithm>
#include <optional>

namespace odradek::sim {
namespace {

/// The first and the last sector in which two pages differ.
struct Sectors {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

std::optional<Sectors> changed_sectors(const Bytes& old, const Bytes& fresh) {
  std::optional<Sectors> changed;
  for (std::uint32_t sector = 0; sector < kPageBytes / kSectorBytes; ++sector) {
    const std::uint32_t begin = sector * kSectorBytes;
    if (old.slice(begin, kSectorBytes) == fresh.slice(begin, kSectorBytes)) continue;
    if (!changed) changed = Sectors{.first = sector};
    changed->last = sector;
  }
  return changed;
}

/// The cached page over the old one: behind its end the cache has nothing to write.
Bytes fresh_page(const Bytes& old, const File& cached, std::uint64_t page) {
  const std::uint64_t begin = page * kPageBytes;
  if (begin >= cached.size()) return old;
  const std::uint64_t cut = std::min<std::uint64_t>(kPageBytes, cached.size() - begin);
  return spliced(page_at(cached, page), old, static_cast<std::uint32_t>(cut));
}

}  // namespace

std::uint64_t surviving_length(const File& platter, const File& cached, const FileBlow& blow) {
  if (blow.survival == Survival::kNothing) return platter.size();
  if (blow.survival != Survival::kDrawn) return cached.size();
  const std::uint64_t kind = blow.about(Question::kLength).below(4);
  if (kind == 0) return platter.size();
  const std::uint64_t parting = platter.common_prefix(cached);
  if (kind == 1 || parting == cached.size()) return cached.size();
  const std::uint64_t place = parting + blow.about(Question::kLengthPlace).below(cached.size() - parting);
  const std::uint64_t begin = kind == 2 ? page_of(place) * kPageBytes : cached.append_before(place);
  return std::max(parting, begin);
}

Bytes surviving_page(const Bytes& old, const Bytes& fresh, const FileBlow& blow, std::uint64_t page) {
  const std::optional<Sectors> changed = changed_sectors(old, fresh);
  if (!changed) return old;
  const std::uint32_t spread = changed->last - changed->first;
  switch (blow.survival) {
    case Survival::kNothing:
    case Survival::kLengthOnly: return old;
    case Survival::kEverything: return fresh;
    case Survival::kTorn: return spliced(fresh, old, (changed->first + (spread + 1) / 2) * kSectorBytes);
    case Survival::kDrawn: break;
  }
  const Draw drawn = blow.about(Question::kPage, page);
  const std::uint64_t kind = drawn.below(8);
  if (kind < 3) return old;
  if (kind < 6 || spread == 0) return fresh;  // a drive writes a sector or does not
  const std::uint32_t cut = changed->first + 1 + static_cast<std::uint32_t>(drawn.uuid().low % spread);
  return kind == 6 ? spliced(fresh, old, cut * kSectorBytes) : spliced(old, fresh, cut * kSectorBytes);
}

bool truncation_survives(const FileBlow& blow) {
  if (blow.survival != Survival::kDrawn) return blow.survival != Survival::kNothing;
  return blow.about(Question::kTruncation).chance(1, 2);
}

File surviving_file(const FileState& file, const FileBlow& blow) {
  const File& cached = *file.cached;
  const std::uint64_t parting = file.platter().common_prefix(cached);
  const bool was_truncated = parting < file.platter().size();
  const bool is_whole = was_truncated && !truncation_survives(blow);
  File platter = file.platter();
  if (was_truncated && !is_whole) platter.truncate(parting);
  const std::uint64_t size = is_whole ? platter.size() : surviving_length(platter, cached, blow);
  const std::uint64_t end = is_whole ? page_of(parting) + 1 : pages_in(size);
  std::map<std::uint64_t, Bytes> pages;
  for (std::uint64_t page = page_of(parting); page < end; ++page) {
    const Bytes old = page_at(platter, page);
    const bool never = file.marks->stale.contains(page) || file.marks->doomed.contains(page);
    const Bytes fresh = never ? old : fresh_page(old, cached, page);
    pages.emplace(page, surviving_page(old, fresh, blow, page));
  }
  return with_pages(platter, size, pages);
}

}  // namespace odradek::sim
