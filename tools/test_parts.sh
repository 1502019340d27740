# The parts of ./test; sourced by it after prepare.sh. Every part prints its time, the end a summary.
# Test programs start a private PostgreSQL each (two seconds): positions become readable when the
# oldest transaction of the whole cluster has ended, so programs that share one wait for each other.

parts_default="format unit golden data scenario simulation kill mutation fuzz web contract e2e"
fuzz_seconds=20
long_fuzz_seconds=600
long_seeds=5000
fuzzers="rule csv xlsx json plain_events snapshot channel"
passed=0 failed=0 skipped=0
failures=()
build_dir=$root/build/dev
under=  # the sanitizers' preset, with a space behind it

# count_googletest LOG: adds the tests of a log of ctest or of a test program to the sums.
count_googletest() {
  passed=$((passed + $(grep -c '^\[       OK \]\|: \[       OK \]' "$1" || true)))
  failed=$((failed + $(grep -c '^\[  FAILED  \] .* ms)\|: \[  FAILED  \] .* ms)' "$1" || true)))
  skipped=$((skipped + $(grep -c '^\[  SKIPPED \] .* ms)\|: \[  SKIPPED \] .* ms)' "$1" || true)))
}

# run_ctest LABEL_OR_NAME_ARGUMENTS…: one run of ctest; the log goes to build/test-logs.
run_ctest() {
  local name=$1 log=$root/build/test-logs/${under/ /-}$1.log status=0
  shift
  ctest --test-dir "$build_dir" --output-on-failure -V -j 2 "$@" >"$log" 2>&1 || status=$?
  count_googletest "$log"
  grep -h 'Skipped\|skipped:' "$log" | sort | uniq -c | sort -rn | head -n 10 || true
  if [ $status != 0 ]; then
    grep -E '\[  FAILED  \]|Failure$|error:|\*\*\*' "$log" | head -n 60
    tail -n 15 "$log"
    return 1
  fi
  tail -n 4 "$log"
}

part_format() {
  local files
  files=$(cd "$root" && git ls-files '*.cpp' '*.h')
  (cd "$root" && clang-format-19 --dry-run --Werror $files)
}
part_unit() { run_ctest unit -LE 'golden|data|scenario|simulation|kill|mutation|long'; }
part_golden() { SIYU_ORACLES=${oracles:-} run_ctest golden -L golden; }
part_data() { run_ctest data -L data; }
part_scenario() { run_ctest scenario -L scenario; }
part_simulation() { run_ctest simulation -L simulation; }
part_kill() { run_ctest kill -L kill; }
# The random test fails in every mutant: what counts is that ctest found it did.
part_mutation() {
  local passed_before=$passed failed_before=$failed
  run_ctest mutation -L mutation || return 1
  local found
  found=$(grep -c 'Test *#.*Passed' "$root/build/test-logs/mutation.log" || true)
  passed=$((passed_before + found)) failed=$failed_before
}
part_fuzz() {
  build fuzz
  local name
  for name in $fuzzers; do
    local corpus=$root/tests/fuzz/corpus/$name found=$root/build/fuzz-found/$name
    mkdir -p "$found"
    echo "$name: $fuzz_seconds s"
    "$root/build/fuzz/tests/fuzz/${name}_fuzz" -max_total_time="$fuzz_seconds" -timeout=10 -rss_limit_mb=2048 \
      -print_final_stats=1 -artifact_prefix="$root/build/fuzz-found/" "$found" "$corpus" \
      >"$root/build/test-logs/fuzz-$name.log" 2>&1 ||
      { tail -n 40 "$root/build/test-logs/fuzz-$name.log"; failed=$((failed + 1)); return 1; }
    grep 'stat::number_of_executed_units' "$root/build/test-logs/fuzz-$name.log"
    passed=$((passed + 1))
  done
}
part_web() {
  prepare_node
  install_web console
  node --test --test-reporter=dot "$root/tracker/"
  (cd "$root/console" && npm run --silent lint && npm run --silent typecheck && npm test --silent)
  build_console
}
part_contract() {
  prepare_node
  install_web tests/contract
  local log=$root/build/test-logs/contract.log status=0
  (cd "$root/tests/contract" && npm test --silent) >"$log" 2>&1 || status=$?
  local ok bad
  ok=$(sed -n 's/^# pass //p' "$log")
  bad=$(sed -n 's/^# fail //p' "$log")
  passed=$((passed + ${ok:-0})) failed=$((failed + ${bad:-0}))
  [ $status = 0 ] || { tail -n 60 "$log"; return 1; }
}
part_e2e() {
  prepare_node
  install_web console
  build_console
  "$root/tools/e2e" "$build_dir/src/cli/siyu"
}

run_part() {
  local name=$under$1 begin=$SECONDS
  say "$name"
  if "part_$1"; then
    printf '%s: ok, %d s\n' "$name" $((SECONDS - begin))
  else
    printf '%s: FAILED, %d s\n' "$name" $((SECONDS - begin))
    failures+=("$name")
  fi
  times+=("$name $((SECONDS - begin)) s")
}

run_tests() {
  local parts="" long=0 screens=0 part
  times=() oracles=
  while [ $# -gt 0 ]; do
    case $1 in
      --long) long=1 ;;
      --screens) screens=1 ;;
      --oracles) oracles=$(cd "$2" && pwd); shift ;;
      --seed) export SIYU_SEED=$2; shift ;;
      --seeds) long_seeds=$2; shift ;;
      --fuzz-seconds) fuzz_seconds=$2 long_fuzz_seconds=$2; shift ;;
      *) declare -F "part_$1" >/dev/null || die "no such part: $1 (parts: $parts_default)"; parts+=" $1" ;;
    esac
    shift
  done
  install_packages $packages_build $packages_test
  mkdir -p "$root/build/test-logs"
  if [ $screens = 1 ]; then prepare_node; install_web console; build_console; build dev siyu; exec "$root/tools/e2e" "$build_dir/src/cli/siyu" --screens; fi
  if [ $long = 1 ]; then run_long; else
    local begin=$SECONDS
    build dev all
    times+=("build $((SECONDS - begin)) s")
    for part in ${parts:-$parts_default}; do run_part "$part"; done
  fi
  say "times"
  printf '%s\n' "${times[@]}"
  [ ${#failures[@]} = 0 ] || failed=$((failed > 0 ? failed : ${#failures[@]}))
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ ${#failures[@]} = 0 ] || die "failed: ${failures[*]} (logs in build/test-logs)"
}

# Sanitizers over everything, ten minutes of each fuzzer, more seeds.
run_long() {
  local preset
  export SIYU_SEEDS=$long_seeds
  # Death tests start threads in the child they fork.
  export TSAN_OPTIONS="die_after_fork=0 suppressions=$root/tools/tsan.supp"
  for preset in asan tsan; do
    build $preset all
    build_dir=$root/build/$preset under="$preset "
    for part in unit golden scenario; do run_part $part; done
  done
  build_dir=$root/build/dev under=
  build dev all
  fuzz_seconds=$long_fuzz_seconds
  for part in $parts_default; do run_part "$part"; done
}
