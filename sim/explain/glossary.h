// The terms of Kafka that explanations use, in one list, and how a text explains each where it comes up
// first.
#pragma once

#include <array>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace odradek::sim {

struct Term {
  std::string_view word;
  std::string_view meaning;  ///< a sentence without its full stop
};

inline constexpr std::array kGlossary = {
    Term{"leader epoch",
         "leader epochs number the leaders: the epoch grows by one with each new leader, and each record "
         "carries the epoch of the leader that wrote it"},
    Term{"high watermark",
         "the high watermark is the offset up to which everything is committed, that is, known to be "
         "on all in-sync replicas; consumers read only below it, and followers learn of it one fetch "
         "later than the leader"},
    Term{
        "min.insync.replicas",
        "with fewer replicas in sync than min.insync.replicas the leader refuses what is sent with acks=all"},
    Term{
        "ISR",
        "the ISR are the in-sync replicas: those that keep up with the leader, and the only ones that may be "
        "elected without a loss"},
    Term{"ELR", "the ELR are eligible leader replicas: they left the ISR, but have all that is committed"},
    Term{"acks=all",
         "with acks=all the leader answers a producer only when all in-sync replicas have the record"},
    Term{"acks=1", "with acks=1 the leader answers a producer as soon as it has the record itself"},
    Term{"page cache",
         "the page cache is what the operating system has taken in for the disk: it outlives the process, "
         "but not a loss of power"},
    Term{"fenced", "a fenced broker leads nothing and counts nowhere until it is heard of again"},
    Term{"preferred leader", "the preferred leader is the first in the partition's list of replicas"},
    Term{"unclean", "in an unclean election the new leader need not have what was committed"},
};

/// What the same words mean where the controllers and their log are meant, and what is said only there.
inline constexpr std::array kQuorumGlossary = {
    Term{"epoch",
         "epochs number the leaders of the metadata quorum: a record carries the epoch of the leader that "
         "appended it, and in each epoch a voter has one vote"},
    Term{"high watermark",
         "the high watermark of the metadata log is the offset up to which everything is committed: it "
         "should be "
         "on the disks of a majority of the voters, and brokers act only on what lies below it"},
    Term{"would vote",
         "before a controller stands for election it asks who would vote for it: such a pre-vote binds "
         "nobody, "
         "and without a majority of them it does not disturb the others with a new epoch"},
    Term{"stands for election",
         "who stands for election votes for itself in the next epoch and asks the other voters; the votes of "
         "a "
         "majority make it leader, and a voter votes only for one whose log goes at least as far as its own: "
         "first by the epoch of the last record, then by the end"},
    Term{"page cache",
         "the page cache is what the operating system has taken in for the disk: it outlives the process, "
         "but not a loss of power"},
    Term{"fenced", "a fenced broker leads nothing and counts nowhere until it is heard of again"},
};

/// Explains terms as a text goes on: each one once.
class Glossary {
 public:
  explicit Glossary(std::span<const Term> terms = kGlossary) : terms_(terms) {}

  /// The text, with the meaning of every term that it is the first to use behind the sentence that does so.
  [[nodiscard]] std::string explain(std::string_view text);

 private:
  std::span<const Term> terms_;
  std::set<std::string_view> told_;
};

}  // namespace odradek::sim
