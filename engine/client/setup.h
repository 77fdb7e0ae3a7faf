// What a client is told when it is made: who it is, whom to ask first, and its configuration.
#pragma once

#include <string>
#include <vector>

#include "engine/base/ids.h"
#include "engine/io/config.h"

namespace odradek::client {

template <class Config>
struct ClientSetup {
  NodeId self;
  std::string client_id;  ///< client.id
  std::vector<NodeId>
      bootstrap;  ///< bootstrap.servers, or bootstrap.controllers of an admin client (KIP-919)
  Config config;

  FIELDS(self, client_id, bootstrap, config)
  friend bool operator==(const ClientSetup&, const ClientSetup&) = default;
};

using ProducerSetup = ClientSetup<io::ProducerConfig>;
using ConsumerSetup = ClientSetup<io::ConsumerConfig>;
using AdminSetup = ClientSetup<io::AdminConfig>;

}  // namespace odradek::client
