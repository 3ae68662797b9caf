# Part of the launcher: builds the jars when sources changed, and keeps what it built under .dist/DIGEST, so that a
# running network is not hurt by a rebuild. Needs: top, jdk, digest, dist, say, fail,
# lock, unlock. `build` sets nothing; it fills $dist.

# Names the state of all sources by their paths and bytes: what was touched, or changed and changed back, is built already.
sources_digest() {
  if command -v sha256sum >/dev/null 2>&1; then sha256=sha256sum; else sha256="shasum -a 256"; fi
  (
    cd "$top"
    find . \( -name '.?*' -o -name target -o -name samples -o -path '*/src/test' -o -path '*/src/jmh' -o -path '*/src/contract' \
      -o -path '*/src/main/sh' \) -prune -o -type f \( -path '*/src/main/*' -o -name pom.xml \) -print0 | xargs -0 $sha256
  ) | LC_ALL=C sort | $sha256 | cut -c 1-16
}

# Builds what $dist is to hold; another launcher that builds the same is waited for.
build() {
  command -v mvn >/dev/null 2>&1 || {
    . "$scripts/doctor.sh"
    fail "sources changed and Maven is missing; install it: $(install_hint maven)"
  }
  lock
  if [ ! -f "$dist/lib/runnel-cli.jar" ]; then
    run_maven
    keep_jars
    forget_old_jars
  fi
  unlock
}

run_maven() {
  log=$top/.dist/build.log
  rm -rf "$top/chaos-tests/target/quick/dist"
  started=$(date +%s)
  say "building, since sources changed (jars only, no tests; JDK in $jdk)"
  {
    status=0
    JAVA_HOME=$jdk mvn -B -Dstyle.color=never -f "$top/pom.xml" -Drunnel.jars package 9>&- 2>&1 </dev/null || status=$?
    echo "$status" >"$top/.dist/build.status"
  } | show_progress
  [ "$(cat "$top/.dist/build.status")" -eq 0 ] || {
    grep '^\[ERROR\]' "$log" | head -n 12 >&2 || true
    fail "the build failed after $(($(date +%s) - started)) s; all it said is in $log"
  }
  say "built in $(($(date +%s) - started)) s"
}

# One line when a room begins, with the seconds since the start; and what is loaded from the net, which takes long the first time.
show_progress() {
  : >"$log"
  loaded=0
  while IFS= read -r line; do
    printf '%s\n' "$line" >&3
    case $line in
      '[INFO] Building '*'['*'/'*']')
        room=${line#'[INFO] Building '}
        count=${room##*[}
        name=${room%% [0-9]*}
        printf '  %4s s  [%s %s\n' "$(($(date +%s) - started))" "$count" "${name#Runnel: }" >&2
        ;;
      Downloaded*)
        loaded=$((loaded + 1))
        [ "$loaded" -ne 1 ] || say "Maven loads libraries it has not seen before; that happens once and may take minutes"
        [ $((loaded % 50)) -ne 0 ] || printf '  %4s s  %s files loaded\n' "$(($(date +%s) - started))" "$loaded" >&2
        ;;
    esac
  done 3>>"$log"
}

# Copies what Maven made, so that the next build cannot pull jars from under a running node.
keep_jars() {
  built=$top/chaos-tests/target/quick/dist/lib
  [ -f "$built/runnel-cli.jar" ] || built=$top/region-node/cli/target/quick/dist/lib
  [ -f "$built/runnel-cli.jar" ] || fail "the build made no runnel-cli.jar in $built"
  making=$top/.dist/making
  rm -rf "$making"
  mkdir -p "$making"
  cp -R "$built" "$making/lib"
  rm -rf "$dist"
  mv "$making" "$dist"
  echo "$digest" >"$top/.dist/newest.new"
  mv "$top/.dist/newest.new" "$top/.dist/newest"
}

# Keeps this build, the one before, and any that a process still runs from.
forget_old_jars() {
  command -v ps >/dev/null 2>&1 || return 0
  running=$(ps -A -o args= 2>/dev/null) || return 0
  kept=0
  for old in $(ls -t "$top/.dist"); do
    [ -d "$top/.dist/$old/lib" ] || continue
    kept=$((kept + 1))
    [ "$kept" -gt 2 ] || continue
    case $running in
      *"/.dist/$old/"*) ;;
      *) rm -rf "${top:?}/.dist/$old" ;;
    esac
  done
}
