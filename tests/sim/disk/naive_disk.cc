#include "tests/sim/disk/naive_disk.h"

#include <algorithm>

namespace odradek::sim {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kSector = 512;

std::string folder(const std::string& path) {
  return path.find('/') == std::string::npos ? "" : path.substr(0, path.rfind('/'));
}

char at(const std::string& text, std::size_t i) { return i < text.size() ? text[i] : '\0'; }

std::string without(const std::string& platter, std::string content, const std::set<std::size_t>& skipped) {
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (skipped.contains(i / kPage)) content[i] = at(platter, i);
  }
  return content;
}

/// The page of `found` is `front` up to some sector and `back` from there, with a cut among `cuts`.
bool is_spliced(const std::string& found, std::size_t begin, const std::string& front,
                const std::string& back, const std::vector<std::size_t>& cuts) {
  return std::ranges::any_of(cuts, [&](std::size_t cut) {
    for (std::size_t i = begin; i < std::min(found.size(), begin + kPage); ++i) {
      if (found[i] != (i - begin < cut * kSector ? at(front, i) : at(back, i))) return false;
    }
    return true;
  });
}

bool is_page_allowed(const std::string& found, std::size_t begin, const std::string& old,
                     const std::string& fresh, Survival survival) {
  const std::vector<std::size_t> any = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  switch (survival) {
    case Survival::kNothing:
    case Survival::kLengthOnly: return is_spliced(found, begin, fresh, old, {0});
    case Survival::kEverything: return is_spliced(found, begin, fresh, old, {8});
    case Survival::kTorn: return is_spliced(found, begin, fresh, old, any);
    case Survival::kDrawn: break;
  }
  return is_spliced(found, begin, fresh, old, any) || is_spliced(found, begin, old, fresh, any);
}

std::size_t parting_of(const std::string& a, const std::string& b) {
  std::size_t parting = 0;
  while (parting < std::min(a.size(), b.size()) && a[parting] == b[parting]) ++parting;
  return parting;
}

bool is_length_allowed(std::size_t length, const std::string& platter, const std::string& cached,
                       Survival survival) {
  if (survival == Survival::kNothing) return length == platter.size();
  if (survival != Survival::kDrawn) return length == cached.size();
  return platter.size() <= length && length <= cached.size();
}

/// The platter's file grew, and nothing of it was cut off.
bool is_growth_allowed(const std::string& found, const std::string& platter, const std::string& cached,
                       const std::set<std::size_t>& skipped, Survival survival) {
  if (!is_length_allowed(found.size(), platter, cached, survival)) return false;
  const std::string fresh = without(platter, cached, skipped);
  for (std::size_t begin = 0; begin < found.size(); begin += kPage) {
    if (!is_page_allowed(found, begin, platter, fresh, survival)) return false;
  }
  return true;
}

/// A truncation did not happen: the platter's file is whole, but for the page with the cut.
bool is_whole_allowed(const std::string& found, const std::string& platter, const std::string& cached,
                      const std::set<std::size_t>& skipped, Survival survival) {
  if (found.size() != platter.size()) return false;
  std::string fresh = cached.substr(0, platter.size());
  fresh += platter.substr(fresh.size());
  fresh = without(platter, fresh, skipped);
  const std::size_t cut = parting_of(platter, cached) / kPage * kPage;
  for (std::size_t begin = 0; begin < found.size(); begin += kPage) {
    const std::string& page = begin == cut ? fresh : platter;
    if (!is_page_allowed(found, begin, platter, page, survival)) return false;
  }
  return true;
}

bool is_content_allowed(const std::string& found, const std::string& platter, const std::string& cached,
                        const std::set<std::size_t>& skipped, Survival survival) {
  const std::size_t parting = parting_of(platter, cached);
  if (parting == platter.size()) return is_growth_allowed(found, platter, cached, skipped, survival);
  const bool may_be_whole = survival == Survival::kDrawn || survival == Survival::kNothing;
  if (may_be_whole && is_whole_allowed(found, platter, cached, skipped, survival)) return true;
  return survival != Survival::kNothing &&
         is_growth_allowed(found, platter.substr(0, parting), cached, skipped, survival);
}

}  // namespace

void NaiveDisk::operate(Operation operation) {
  if (operation.gone) names_.erase(*operation.gone);
  if (operation.given) names_[*operation.given] = operation.file;
  operations_.push_back(std::move(operation));
}

void NaiveDisk::append(const std::string& path, const std::string& data) {
  if (!exists(path)) operate({.gone = {}, .given = path, .file = next_++});
  File& file = files_[names_[path]];
  for (const char c : data) {
    file.skipped.erase(file.cached.size() / kPage);
    file.cached += c;
  }
  ++file.version;
}

void NaiveDisk::truncate(const std::string& path, std::size_t size) {
  File& file = files_[names_.at(path)];
  std::erase_if(file.skipped, [size](std::size_t page) { return page >= size / kPage; });
  file.cached.resize(size);
  ++file.version;
}

void NaiveDisk::rename(const std::string& from, const std::string& to) {
  if (from != to) operate({.gone = from, .given = to, .file = names_.at(from)});
}

void NaiveDisk::remove(const std::string& path) {
  operate({.gone = path, .given = {}, .file = names_.at(path)});
}

void NaiveDisk::begin_fsync(std::uint64_t ticket, const std::string& path, bool ok) {
  Fsync fsync{.ticket = ticket, .ok = ok, .directory = path, .operations = operations_.size()};
  if (exists(path)) {
    File& file = files_[names_[path]];
    const std::size_t pages = (file.cached.size() + kPage - 1) / kPage;
    for (std::size_t i = 0; !ok && i < pages * kPage; ++i) {
      if (at(file.cached, i) != at(file.platter, i)) file.skipped.insert(i / kPage);
    }
    fsync.file = names_[path];
    fsync.content = file.cached;
    fsync.skipped = file.skipped;
    fsync.version = file.version;
  }
  pending_.push_back(fsync);
}

void NaiveDisk::write(File& file, const Fsync& fsync) {
  if (!fsync.ok || fsync.version < file.synced) return;
  file.platter = without(file.platter, fsync.content, fsync.skipped);
  file.synced = fsync.version;
}

void NaiveDisk::finish_fsync(std::uint64_t ticket) {
  const auto done = std::ranges::find(pending_, ticket, &Fsync::ticket);
  for (auto each = pending_.begin(); done->ok && each <= done; ++each) {
    if (done->file >= 0 && each->file == done->file) write(files_[done->file], *each);
  }
  if (done->ok && done->file < 0) {
    std::size_t& committed = committed_[done->directory];
    committed = std::max(committed, count(done->directory, done->operations));
  }
  pending_.erase(done);
}

void NaiveDisk::drop_cache() {
  for (auto& [id, file] : files_) {
    file.cached = without(file.platter, file.cached, file.skipped);
    file.skipped.clear();
  }
}

NaiveDisk::Contents NaiveDisk::seen() const {
  Contents contents;
  for (const auto& [path, id] : names_) contents[path] = files_.at(id).cached;
  return contents;
}

std::vector<std::uint64_t> NaiveDisk::tickets() const {
  std::vector<std::uint64_t> tickets;
  for (const Fsync& fsync : pending_) tickets.push_back(fsync.ticket);
  return tickets;
}

std::size_t NaiveDisk::count(const std::string& directory, std::size_t operations) const {
  std::size_t touching = 0;
  for (std::size_t i = 0; i < operations; ++i) {
    const Operation& each = operations_[i];
    if ((each.gone && folder(*each.gone) == directory) || (each.given && folder(*each.given) == directory))
      ++touching;
  }
  return touching;
}

std::optional<NaiveDisk::Names> NaiveDisk::names_after(Cuts cuts) const {
  Names names = base_;
  for (const Operation& each : operations_) {
    std::set<std::string> touched;
    if (each.gone) touched.insert(folder(*each.gone));
    if (each.given) touched.insert(folder(*each.given));
    const auto survives = [&cuts](const std::string& directory) { return cuts[directory] > 0; };
    if (std::ranges::any_of(touched, survives) != std::ranges::all_of(touched, survives)) return std::nullopt;
    if (!survives(*touched.begin())) continue;
    for (const std::string& directory : touched) --cuts[directory];
    if (each.gone) names.erase(*each.gone);
    if (each.given) names[*each.given] = each.file;
  }
  return names;
}

std::vector<NaiveDisk::Names> NaiveDisk::allowed_names(Survival survival) const {
  std::vector<Names> allowed;
  const auto committed = [this](const std::string& d) {
    return committed_.contains(d) ? committed_.at(d) : 0;
  };
  const std::size_t root = count("", operations_.size());
  const std::size_t below = count("d", operations_.size());
  for (std::size_t i = committed(""); i <= root; ++i) {
    for (std::size_t j = committed("d"); j <= below; ++j) {
      if (auto names = names_after({{"", i}, {"d", j}})) allowed.push_back(*names);
    }
  }
  // The first one has the fewest operations in both directories, the last one all of them.
  if (survival == Survival::kDrawn) return allowed;
  return {survival == Survival::kNothing ? allowed.front() : allowed.back()};
}

bool NaiveDisk::is_allowed(const std::string& found, int id, Survival survival) const {
  std::vector<File> starts = {files_.at(id)};
  for (const Fsync& fsync : pending_) {
    if (fsync.file != id || survival != Survival::kDrawn) continue;
    for (std::size_t i = starts.size(); i-- > 0;) {
      starts.push_back(starts[i]);
      write(starts.back(), fsync);
    }
  }
  return std::ranges::any_of(starts, [&](const File& file) {
    return is_content_allowed(found, file.platter, file.cached, file.skipped, survival);
  });
}

std::string NaiveDisk::objection(const Contents& found, Survival survival) const {
  std::string worst = "no cut of the directories' operations gives these names";
  for (const Names& names : allowed_names(survival)) {
    const auto same_name = [](const auto& a, const auto& b) { return a.first == b.first; };
    if (!std::ranges::equal(names, found, same_name)) continue;
    const auto bad = std::ranges::find_if(
        names, [&](const auto& name) { return !is_allowed(found.at(name.first), name.second, survival); });
    if (bad == names.end()) return "";
    worst = "the content of " + bad->first;
  }
  return worst;
}

void NaiveDisk::start_from(const Contents& found) {
  *this = NaiveDisk();
  for (const auto& [path, content] : found) {
    base_[path] = next_;
    files_[next_++] = {.platter = content, .cached = content};
  }
  names_ = base_;
}

}  // namespace odradek::sim
