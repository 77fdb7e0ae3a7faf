#include "engine/node/meta_properties.h"

#include <fmt/core.h>

#include <charconv>
#include <map>

#include "engine/base/uuid_text.h"
#include "engine/log/checkpoint_text.h"

namespace odradek::node {
namespace {

/// `key=value` lines; others are comments.
std::map<std::string, std::string, std::less<>> parse_properties(std::string_view text) {
  std::map<std::string, std::string, std::less<>> properties;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || line.starts_with('#')) continue;
    properties.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return properties;
}

}  // namespace

std::string to_text(const MetaProperties& properties) {
  return fmt::format("version=1\ncluster.id={}\nnode.id={}\ndirectory.id={}\n",
                     to_text(properties.cluster_id), properties.node.value(),
                     to_text(properties.directory_id));
}

std::optional<MetaProperties> parse_meta_properties(std::string_view text) {
  const auto properties = parse_properties(text);
  const auto version = properties.find("version");
  const auto cluster = properties.find("cluster.id");
  const auto node = properties.find("node.id");
  const auto directory = properties.find("directory.id");
  const auto none = properties.end();
  if (version == none || version->second != "1" || cluster == none || node == none || directory == none)
    return std::nullopt;
  const auto cluster_id = parse_uuid(cluster->second);
  const auto directory_id = parse_uuid(directory->second);
  std::int32_t id = 0;
  const char* last = node->second.data() + node->second.size();
  const auto [end, error] = std::from_chars(node->second.data(), last, id);
  if (!cluster_id || !directory_id || error != std::errc() || end != last) return std::nullopt;
  return MetaProperties{.cluster_id = *cluster_id, .node = NodeId(id), .directory_id = *directory_id};
}

Result<Uuid> claim_log_directory(const io::Disk& disk, const Uuid& cluster_id, NodeId node) {
  const auto text = log::read_file(disk, kMetaPropertiesFile);
  const auto found = text ? parse_meta_properties(text->text()) : std::nullopt;
  if (!found) return fail("no readable meta.properties: the log directory has to be formatted first");
  if (found->cluster_id != cluster_id)
    return fail("the log directory belongs to cluster {}, not to {}", to_text(found->cluster_id),
                to_text(cluster_id));
  if (found->node != node)
    return fail("the log directory has node.id {}, and this is node {}", found->node.value(), node.value());
  return found->directory_id;
}

}  // namespace odradek::node
