// Γ in logarithms, of positive numbers. std::lgamma writes a global; Boost's does not.
#pragma once

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>

namespace stats {

inline double log_gamma(double x) { return boost::math::lgamma(x); }
inline double digamma(double x) { return boost::math::digamma(x); }

}  // namespace stats
