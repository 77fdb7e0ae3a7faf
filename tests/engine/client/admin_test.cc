#include "engine/client/admin.h"

#include <gtest/gtest.h>

#include "tests/support/client_harness.h"

namespace odradek::client {
namespace {

using api::ErrorCode;
using io::CallStatus;
using testing::PendingRequest;

constexpr NodeId kFirst{101};
constexpr NodeId kSecond{102};

using Harness = testing::ClientHarness<Admin>;

Harness make(io::AdminConfig config = {}) {
  return Harness(
      Admin({.self = NodeId(2001), .client_id = "a", .bootstrap = {kFirst, kSecond}, .config = config}));
}

io::Administer create_orders() {
  return {.request = api::CreateTopicsRequest{.topics = {{.name = "orders"}}}};
}

api::CreateTopicsResponse created(ErrorCode error) {
  return {.topics = {{.name = "orders", .topic_id = testing::kOrders, .error_code = error}}};
}

TEST(Admin, ListsAllItsMembers) { EXPECT_TRUE(fields_complete<Admin>); }

TEST(Admin, ReturnsTheControllersResponse) {
  Harness harness = make();
  const CallId call = harness.call(create_orders());
  harness.answer(harness.take<api::CreateTopicsRequest>(), created(ErrorCode::kNone));
  EXPECT_EQ(harness.result(call).status, CallStatus::kOk);
  EXPECT_EQ(std::get<io::Administered>(harness.result(call).value).response,
            api::Response(created(ErrorCode::kNone)));
}

TEST(Admin, TriesTheNextControllerAfterNotController) {
  Harness harness = make();
  const CallId call = harness.call(create_orders());
  const PendingRequest refused = harness.take<api::CreateTopicsRequest>();
  EXPECT_EQ(refused.link.peer, kFirst);
  EXPECT_EQ(refused.link.purpose, io::Purpose::kAdmin);
  harness.answer(refused, created(ErrorCode::kNotController));
  harness.advance(milliseconds(100));
  const PendingRequest again = harness.take<api::CreateTopicsRequest>();
  EXPECT_EQ(again.link.peer, kSecond);
  harness.answer(again, created(ErrorCode::kNone));
  EXPECT_EQ(harness.result(call).status, CallStatus::kOk);
}

TEST(Admin, TriesTheNextControllerWhenTheConnectionIsRefused) {
  Harness harness = make();
  harness.refusing = {kFirst};
  harness.call(create_orders());
  EXPECT_EQ(harness.take<api::CreateTopicsRequest>().link.peer, kSecond);
}

TEST(Admin, FailsForCertainWhenNoControllerCouldBeReached) {
  Harness harness = make({.default_api_timeout_ms = 5'000});
  harness.refusing = {kFirst, kSecond};
  const CallId call = harness.call(create_orders());
  harness.advance(milliseconds(4'999));
  EXPECT_FALSE(harness.returned(call));
  harness.advance(milliseconds(1));
  EXPECT_EQ(harness.result(call).status, CallStatus::kFailed);
  EXPECT_EQ(harness.result(call).error, ErrorCode::kRequestTimedOut);
}

TEST(Admin, DoesNotKnowWhenEveryControllerDeclined) {
  Harness harness = make({.default_api_timeout_ms = 350});
  const CallId call = harness.call(create_orders());
  while (!harness.returned(call)) {
    if (!harness.requests.empty()) {
      harness.answer(harness.take<api::CreateTopicsRequest>(), created(ErrorCode::kNotController));
    }
    harness.advance(milliseconds(50));
  }
  // One of them may have appended it before it resigned.
  EXPECT_EQ(harness.result(call).status, CallStatus::kUnknown);
}

TEST(Admin, DoesNotKnowTheOutcomeOfALostRequest) {
  Harness harness = make({.default_api_timeout_ms = 5'000});
  const CallId call = harness.call(create_orders());
  harness.take<api::CreateTopicsRequest>();
  harness.refusing = {kFirst, kSecond};
  harness.lose(kFirst);
  harness.advance(milliseconds(5'000));
  EXPECT_EQ(harness.result(call).status, CallStatus::kUnknown);
}

TEST(Admin, SendsALostRequestAgain) {
  Harness harness = make();
  const CallId call = harness.call(create_orders());
  harness.take<api::CreateTopicsRequest>();
  harness.lose(kFirst);
  harness.advance(milliseconds(100));
  const PendingRequest again = harness.take<api::CreateTopicsRequest>();
  EXPECT_EQ(again.link.peer, kSecond);
  harness.answer(again, created(ErrorCode::kTopicAlreadyExists));
  EXPECT_EQ(harness.result(call).status, CallStatus::kOk)
      << "what became of the topic stands in the response";
}

TEST(Admin, TellsARefusalOfTheWholeRequest) {
  Harness harness = make();
  const CallId call = harness.call(io::Administer{.request = api::ElectLeadersRequest{}});
  harness.answer(
      harness.take<api::ElectLeadersRequest>(),
      api::ElectLeadersResponse{.error_code = ErrorCode::kInvalidRequest, .replica_election_results = {}});
  EXPECT_EQ(harness.result(call).status, CallStatus::kFailed);
  EXPECT_EQ(harness.result(call).error, ErrorCode::kInvalidRequest);
}

TEST(Admin, SendsEveryAdministrativeRequestAndMovesOnFromAStandby) {
  const std::vector<std::pair<api::Request, api::Response>> refused = {
      {api::CreatePartitionsRequest{.topics = {{.name = "t", .count = 2}}},
       api::CreatePartitionsResponse{.results = {{.name = "t", .error_code = ErrorCode::kNotController}}}},
      {api::DeleteTopicsRequest{.topics = {{.name = "t", .topic_id = {}}}},
       api::DeleteTopicsResponse{
           .responses = {{.name = "t", .topic_id = {}, .error_code = ErrorCode::kNotController}}}},
      {api::IncrementalAlterConfigsRequest{.resources = {{.resource_name = "t", .configs = {}}}},
       api::IncrementalAlterConfigsResponse{
           .responses = {{.error_code = ErrorCode::kNotController, .resource_name = "t"}}}},
      {api::ListPartitionReassignmentsRequest{.topics = {}},
       api::ListPartitionReassignmentsResponse{.error_code = ErrorCode::kNotController, .topics = {}}},
      {api::UpdateFeaturesRequest{.feature_updates = {{.feature = "f"}}},
       api::UpdateFeaturesResponse{.error_code = ErrorCode::kNotController}},
      {api::UnregisterBrokerRequest{.broker_id = BrokerId(1)},
       api::UnregisterBrokerResponse{.error_code = ErrorCode::kNotController}},
      {api::DescribeQuorumRequest{
           .topics = {{.topic_name = "__cluster_metadata", .partitions = {PartitionId(0)}}}},
       api::DescribeQuorumResponse{
           .topics = {{.topic_name = "__cluster_metadata",
                       .partitions = {{.partition_index = PartitionId(0),
                                       .error_code = ErrorCode::kNotLeaderOrFollower}}}}}},
  };
  for (const auto& [request, response] : refused) {
    Harness harness = make();
    const CallId call = harness.call(io::Administer{.request = request});
    ASSERT_EQ(harness.requests.size(), 1u);
    const PendingRequest sent = harness.requests.front();
    harness.requests.clear();
    EXPECT_EQ(sent.link.peer, kFirst);
    harness.answer(sent, response);
    harness.advance(milliseconds(100));
    EXPECT_FALSE(harness.returned(call)) << api::name_of(api::api_key_of(request));
    ASSERT_EQ(harness.requests.size(), 1u);
    EXPECT_EQ(harness.requests.front().link.peer, kSecond);
  }
}

TEST(Admin, RefusesWhatIsNotAdministration) {
  Harness harness = make();
  const CallId call = harness.call(io::Administer{.request = api::FetchRequest{}});
  EXPECT_EQ(harness.result(call).error, ErrorCode::kInvalidRequest);
}

}  // namespace
}  // namespace odradek::client
