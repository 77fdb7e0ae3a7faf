// Flaws: historic mistakes of Kafka, kept as switches. Each is one boolean, read at exactly one decision
// point, off by default, per node, and part of the configuration's digest. Scenarios name them by exhibit id.
#pragma once

#include <array>
#include <string_view>

#include "engine/base/fields.h"

namespace odradek::io {

struct Flaws {
  bool truncate_to_high_watermark = false;    ///< R01
  bool expand_isr_at_high_watermark = false;  ///< R06
  bool count_diverging_fetch = false;         ///< R11
  bool show_below_min_isr = false;            ///< R19
  bool commit_older_epochs = false;           ///< K01
  bool resume_leadership = false;             ///< K02
  bool count_before_flush = false;            ///< K03
  bool lead_without_quorum = false;           ///< K05
  bool change_voters_early = false;           ///< K07
  bool reveal_vote_before_durable = false;    ///< K14

  FIELDS(truncate_to_high_watermark, expand_isr_at_high_watermark, count_diverging_fetch, show_below_min_isr,
         commit_older_epochs, resume_leadership, count_before_flush, lead_without_quorum, change_voters_early,
         reveal_vote_before_durable)
  friend constexpr bool operator==(const Flaws&, const Flaws&) = default;
};

struct FlawInfo {
  std::string_view exhibit;
  bool Flaws::* flag;
  std::string_view doc;
  std::string_view source;
};

inline constexpr std::array kFlaws = {
    FlawInfo{"R01", &Flaws::truncate_to_high_watermark,
             "a new follower truncates to its own high watermark, which lags one fetch behind, and drops "
             "records that "
             "were acknowledged",
             "KAFKA-1211, KIP-101; fixed in 0.11"},
    FlawInfo{
        "R06", &Flaws::expand_isr_at_high_watermark,
        "a follower joins the ISR once it reaches the leader's high watermark, though a new leader's high "
        "watermark is stale, so that it may lack records that were acknowledged",
        "KAFKA-7128; fixed in 2.1"},
    FlawInfo{"R11", &Flaws::count_diverging_fetch,
             "the leader counts the fetch offset of a follower whose log diverges, and moves the high "
             "watermark over "
             "records that the follower does not have",
             "KAFKA-13141; fixed in 3.0"},
    FlawInfo{
        "R19", &Flaws::show_below_min_isr,
        "a leader moves its high watermark though fewer than min.insync.replicas replicas are in sync, and "
        "consumers read what a power loss of that leader takes away",
        "KAFKA-15583, KIP-966; fixed in 3.7"},
    FlawInfo{
        "K01", &Flaws::commit_older_epochs,
        "a new leader of the metadata quorum counts records of older epochs as committed before one of its "
        "own is, so that the next leader may overwrite what was exposed",
        "KAFKA-12619, Raft section 5.4.2; fixed in 2.8"},
    FlawInfo{
        "K02", &Flaws::resume_leadership,
        "a leader of the metadata quorum that was restarted goes on leading the same epoch, though it may "
        "have lost records of that epoch that others hold",
        "KAFKA-10527; fixed in 2.8"},
    FlawInfo{
        "K03", &Flaws::count_before_flush,
        "records of the metadata log count as replicated before they are durable, and a power loss takes "
        "away what was committed",
        "KAFKA-10533; fixed in 2.8"},
    FlawInfo{"K05", &Flaws::lead_without_quorum,
             "a leader that most voters can no longer reach does not resign, and brokers that reach it stay "
             "with it",
             "KAFKA-15489, KAFKA-16144; fixed in 3.7"},
    FlawInfo{
        "K07", &Flaws::change_voters_early,
        "a new leader changes the set of voters before a record of its own epoch is committed: two sets, "
        "each one change away from the same set, may have majorities that do not overlap",
        "KIP-853; Ongaro, bug in single-server membership changes, 2015"},
    FlawInfo{
        "K14", &Flaws::reveal_vote_before_durable,
        "a voter grants its vote before the vote is durable, forgets it, and votes for another one in the "
        "same epoch",
        "Raft section 5; KIP-595"},
};

}  // namespace odradek::io
