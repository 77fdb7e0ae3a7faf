// Worker processes: every job is answered once, and a worker that dies is the answer to its job.
#include "bindings/cli/workers.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <string>

namespace odradek::cli {
namespace {

std::map<std::uint64_t, Answer> work_off(WorkerPool& pool, std::uint64_t jobs) {
  std::map<std::uint64_t, Answer> answers;
  std::uint64_t next = 0;
  while (next < jobs || pool.has_busy()) {
    while (next < jobs && pool.has_room()) {
      pool.submit(next, std::to_string(next));
      ++next;
    }
    for (Answer& answer : pool.collect(milliseconds(50))) {
      const std::uint64_t job = answer.job;
      EXPECT_TRUE(answers.emplace(job, std::move(answer)).second) << "answered twice: " << job;
    }
  }
  return answers;
}

TEST(Workers, AnswerEveryJobOnce) {
  WorkerPool pool(3, [](const std::string& job) { return job + job; }, seconds(10));
  const auto answers = work_off(pool, 100);
  ASSERT_EQ(answers.size(), 100u);
  for (const auto& [job, answer] : answers) EXPECT_EQ(answer.text, std::to_string(job) + std::to_string(job));
}

TEST(Workers, CarryLargeAnswers) {
  WorkerPool pool(1, [](const std::string&) { return std::string(3'000'000, 'x'); }, seconds(10));
  EXPECT_EQ(work_off(pool, 2).at(1).text.size(), 3'000'000u);
}

TEST(Workers, DeathIsTheAnswerToItsJobAndTheRestGoesOn) {
  const auto work = [](const std::string& job) {
    if (job == "7") {
      std::signal(SIGSEGV, SIG_DFL);  // a sanitizer would catch it otherwise
      raise(SIGSEGV);
    }
    if (job == "9") _exit(5);
    return job;
  };
  WorkerPool pool(2, work, seconds(10));
  const auto answers = work_off(pool, 20);
  ASSERT_EQ(answers.size(), 20u);
  EXPECT_EQ(answers.at(7).death, "signal 11 (Segmentation fault)");
  EXPECT_EQ(answers.at(9).death, "exit 5");
  for (const auto& [job, answer] : answers) {
    if (job != 7 && job != 9) {
      EXPECT_EQ(answer.text, std::to_string(job));
    }
  }
}

TEST(Workers, WhoThrowsDies) {
  WorkerPool pool(1, [](const std::string&) -> std::string { throw 1; }, seconds(10));
  EXPECT_TRUE(work_off(pool, 1).at(0).death.value_or("").starts_with("signal 6"));
}

TEST(Workers, SilenceIsCutShort) {
  const auto work = [](const std::string& job) {
    while (job == "1") pause();
    return job;
  };
  WorkerPool pool(1, work, seconds(1));
  const auto answers = work_off(pool, 3);
  EXPECT_EQ(answers.at(1).death, "no answer within 1 s");
  EXPECT_EQ(answers.at(2).text, "2");
}

}  // namespace
}  // namespace odradek::cli
