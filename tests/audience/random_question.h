// Random rules over a small workspace, and random pasts made to meet them: few names, few values, a
// coarse grid of times, so that ties and edges are common. Repeatable from the seed.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "audience/example.h"

namespace audience {

// Declares what random rules speak of.
void declare_random_names(Example& example);

// A random past of the one customer, around a day on which America/New_York changes its clocks;
// answers the moments in it.
struct RandomPast {
  std::vector<base::Moment> times;
  bool equal_times = false;   // two events share a millisecond
  bool clock_change = false;  // an event on the day of 23 or 25 hours
  bool late = false;          // an event told after one of a later time
};
RandomPast tell_random_past(Example& example, std::mt19937& random);

// Text of a rule in which every production whose module exists can occur.
class RandomQuestions {
 public:
  explicit RandomQuestions(std::mt19937& random) : random_(random) {}
  std::string rule(int depth);
  // A rule that needs a module which does not exist yet.
  std::string unavailable_test();

 private:
  std::string test(int depth);
  std::string attribute_test();
  std::string number_test(const std::string& name);
  std::string time_test(const std::string& name, bool in_filter);
  std::string text_test(const std::string& name);
  std::string membership();
  std::string did();
  std::string measure();
  std::string first_last();
  std::string sequence();
  std::string step();
  std::string filter(int depth);
  std::string window();
  std::string fixed_window();
  std::string duration();
  std::string moment();
  std::string comparison();
  std::string number();
  std::string one_of(const std::vector<std::string>& choices);
  bool sometimes(int percent);

  std::mt19937& random_;
};

}  // namespace audience
